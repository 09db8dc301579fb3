#include "cpu/level.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace permafrost::cpu {
namespace {

using Named = std::pair<std::string_view, Level>;

#if defined(__x86_64__)
constexpr std::array kLevels = {Named{"portable", Level::kPortable}, Named{"sse4.2", Level::kSse42},
                                Named{"avx2", Level::kAvx2}, Named{"avx512", Level::kAvx512}};
#elif defined(__aarch64__)
constexpr std::array kLevels = {Named{"portable", Level::kPortable}, Named{"armv8", Level::kArmv8}};
#else
constexpr std::array kLevels = {Named{"portable", Level::kPortable}};
#endif

// A program may change its environment later; all parts of the core go by what it was at first.
const std::string& Limit() {
  static const std::string kLimit = [] {
    const char* const value = std::getenv("PERMAFROST_CPU");
    return std::string(value == nullptr ? "" : value);
  }();
  return kLimit;
}

}  // namespace

std::optional<Level> LevelOf(std::string_view name) {
  const auto found = std::ranges::find(kLevels, name, &Named::first);
  return found == kLevels.end() ? std::nullopt : std::optional(found->second);
}

bool MayUse(Level level) {
  static const Level kHighest = std::min(OfProcessor(), LevelOf(Limit()).value_or(kLevels.back().second));
  return level <= kHighest;
}

std::string LimitProblem() {
  if (Limit().empty() || LevelOf(Limit())) return "";
  std::string names;
  for (const Named& each : kLevels) names += (names.empty() ? "" : ", ") + std::string(each.first);
  return "the environment variable PERMAFROST_CPU is \"" + Limit() + "\", but has to be one of: " + names;
}

}  // namespace permafrost::cpu
