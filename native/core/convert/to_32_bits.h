// Conversions to float32 and int32: the only float and integer types that every reader of weights knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace permafrost {

// As `Conversion::convert`. Of each number the nearest is taken, the even one of two; NaNs keep their sign and the
// upper bits of their payload, and a signalling one of 64 bits becomes quiet, as in NumPy.
std::uint64_t Float64ToFloat32(std::span<const std::byte> in, std::span<std::byte> out);

// Exact.
std::uint64_t Float16ToFloat32(std::span<const std::byte> in, std::span<std::byte> out);
std::uint64_t Bfloat16ToFloat32(std::span<const std::byte> in, std::span<std::byte> out);

// Keeps the lower 32 bits, as NumPy does.
std::uint64_t Int64ToInt32(std::span<const std::byte> in, std::span<std::byte> out);

}  // namespace permafrost
