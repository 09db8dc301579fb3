// Which instructions the core uses beyond those that every processor of its architecture has.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace permafrost::cpu {

// Of those that an architecture has, each level includes the ones before it. AVX2 comes with F16C.
enum class Level { kPortable, kSse42, kAvx2, kAvx512, kArmv8 };

// As PERMAFROST_CPU spells it: portable, sse4.2, avx2, avx512; on ARM portable, armv8. None for what this architecture
// has not.
std::optional<Level> LevelOf(std::string_view name);

// The highest that this processor, and the operating system on it, can run.
Level OfProcessor();

// Whether the processor has this level, and it is none above that which the environment variable PERMAFROST_CPU names,
// if it names one. The variable is read once.
bool MayUse(Level level);

// What is wrong with PERMAFROST_CPU; empty if nothing is. A name that is none limits nothing.
std::string LimitProblem();

}  // namespace permafrost::cpu
