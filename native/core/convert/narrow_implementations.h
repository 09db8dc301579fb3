// The implementations, for the dispatcher and for each other.
#pragma once

#include "convert/narrow.h"

namespace permafrost {

// Null where the processor, or the platform that this was compiled for, cannot run it.
const NarrowImplementation* PortableNarrow();
const NarrowImplementation* Avx2Narrow();
const NarrowImplementation* Avx512Narrow();
const NarrowImplementation* NeonNarrow();

// Magnitudes (the bits of a float32 without its sign) from these on round to infinity, or are no finite numbers.
inline constexpr std::uint32_t kFloat16Overflow = 0x477ff000;   // 65520
inline constexpr std::uint32_t kBfloat16Overflow = 0x7f7f8000;  // 2^128 - 2^119
inline constexpr std::uint32_t kMagnitude = 0x7fffffff;

inline constexpr float kMostInt8 = 127;

}  // namespace permafrost
