// Conversions of a block of elements, from the order and form in which they are stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tensor/dtype.h"

namespace permafrost {

// Reverses the bytes of each `unit` (1, 2, 4 or 8) of `in`; `out` has the same size and does not overlap it.
void SwapBytes(std::span<const std::byte> in, std::size_t unit, std::span<std::byte> out);

// 1 for every byte that is not 0.
void NormaliseBools(std::span<const std::byte> in, std::span<std::byte> out);

// True for the types whose TensorProto field is one of varints.
bool HasVarints(DataType dtype);

// Both take little-endian elements. Integers are sign-extended to 64 bits if they are signed, floats of up to 16 bits
// give their bit pattern, integers below a byte give the value that their low bits mean.
std::uint64_t VarintsSize(DataType dtype, std::span<const std::byte> elements);
void AppendVarints(DataType dtype, std::span<const std::byte> elements, std::vector<std::byte>& out);

// The varint of one number.
std::size_t VarintSize(std::uint64_t value);
void AppendVarint(std::uint64_t value, std::vector<std::byte>& out);

// Field number in TensorProto.
inline constexpr std::uint64_t kStringVal = 8;

// What comes before a string in the `string_val` of a TensorProto: tag and length.
void AppendStringHead(std::uint64_t size, std::vector<std::byte>& out);

}  // namespace permafrost
