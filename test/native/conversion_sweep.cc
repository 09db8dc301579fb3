// Converts every float32 there is, for scripts/sweep-conversions.mjs to compare with NumPy and ml_dtypes.
//
//   permafrost_conversion_sweep
//     prints the names of the implementations
//   permafrost_conversion_sweep NAME float16|bfloat16 FIRST LAST
//     converts the numbers whose upper 8 bits are FIRST to LAST, and writes
//     them, then the number of overflows as 8 bytes
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <string_view>
#include <vector>

#include "convert/narrow.h"

namespace {

constexpr std::uint32_t kChunk = 1u << 24;

bool Put(std::span<const std::byte> bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size();
}

}  // namespace

int main(int argc, char** argv) {
  const auto implementations = permafrost::NarrowImplementations();
  if (argc == 1) {
    for (const auto& each : implementations)
      std::printf("%.*s\n", static_cast<int>(each.name.size()), each.name.data());
    return 0;
  }
  if (argc != 5) return 2;
  for (const auto& each : implementations) {
    if (each.name != argv[1]) continue;
    const auto convert = std::string_view(argv[2]) == "float16" ? each.to_float16 : each.to_bfloat16;
    const auto last = static_cast<std::uint32_t>(std::atoi(argv[4]));
    std::vector<std::uint32_t> numbers(kChunk);
    std::vector<std::byte> converted(2 * std::size_t{kChunk});
    std::uint64_t overflows = 0;
    for (auto chunk = static_cast<std::uint32_t>(std::atoi(argv[3])); chunk <= last; ++chunk) {
      std::iota(numbers.begin(), numbers.end(), chunk * kChunk);
      overflows += convert(std::as_bytes(std::span(numbers)), converted);
      if (!Put(converted)) return 1;
    }
    return Put(std::as_bytes(std::span(&overflows, 1))) ? 0 : 1;
  }
  return 2;
}
