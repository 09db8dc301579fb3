#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "convert/narrow.h"
#include "cpu/level.h"
#include "crc32c/crc32c.h"

namespace permafrost::cpu {
namespace {

#if defined(__x86_64__)

TEST(CpuLevelTest, TheNamesAreThoseOfTheArchitecture) {
  EXPECT_EQ(LevelOf("portable"), Level::kPortable);
  EXPECT_EQ(LevelOf("sse4.2"), Level::kSse42);
  EXPECT_EQ(LevelOf("avx2"), Level::kAvx2);
  EXPECT_EQ(LevelOf("avx512"), Level::kAvx512);
  for (const char* name : {"", "AVX2", "avx", "armv8"}) EXPECT_EQ(LevelOf(name), std::nullopt) << name;
}

#if !defined(__clang__)
// What the compiler's own library found out.
TEST(CpuLevelTest, TheProcessorHasWhatTheCompilerSees) {
  Level expected = Level::kPortable;
  if (__builtin_cpu_supports("sse4.2")) expected = Level::kSse42;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c")) expected = Level::kAvx2;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("avx512f")) expected = Level::kAvx512;
  EXPECT_EQ(OfProcessor(), expected);
}
#endif

#elif defined(__aarch64__)

TEST(CpuLevelTest, TheNamesAreThoseOfTheArchitecture) {
  EXPECT_EQ(LevelOf("portable"), Level::kPortable);
  EXPECT_EQ(LevelOf("armv8"), Level::kArmv8);
  for (const char* name : {"", "neon", "avx2"}) EXPECT_EQ(LevelOf(name), std::nullopt) << name;
}

#endif

// CTest runs this, and all tests of what depends on it, once for each level.
TEST(CpuLevelTest, TheBestOfWhatMayBeUsedIsUsed) {
  const char* const variable = std::getenv("PERMAFROST_CPU");
  const Level limit = LevelOf(variable == nullptr ? "" : variable).value_or(OfProcessor());
  const Level level = limit < OfProcessor() ? limit : OfProcessor();
  std::string crc = "portable";
  std::string narrow = "portable";
  if (level == Level::kArmv8) narrow = "neon";
  if (level >= Level::kSse42 && level <= Level::kAvx512) crc = "sse4.2";
  if (level == Level::kAvx2) narrow = "avx2";
  if (level == Level::kAvx512) narrow = "avx512";
  EXPECT_EQ(BestNarrowImplementation().name, narrow);
  if (level != Level::kArmv8) {  // not every ARM has instructions for it
    EXPECT_EQ(crc32c::Implementations().front().name, crc);
  }
  EXPECT_FALSE(level == Level::kPortable && NarrowImplementations().size() > 1);
  EXPECT_EQ(LimitProblem(), "");
}

}  // namespace
}  // namespace permafrost::cpu
