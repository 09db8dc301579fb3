#include "pieces/convert.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "proto/wire.h"

namespace permafrost {
namespace {

static_assert(std::endian::native == std::endian::little, "elements are read as the host stores them");

template <std::size_t kUnit>
void SwapUnits(std::span<const std::byte> in, std::span<std::byte> out) {
  for (std::size_t i = 0; i + kUnit <= in.size(); i += kUnit) {
    for (std::size_t j = 0; j < kUnit; ++j) out[i + j] = in[i + kUnit - 1 - j];
  }
}

template <typename T, typename Take>
void ForEachWidened(std::span<const std::byte> elements, Take take) {
  for (std::size_t i = 0; i + sizeof(T) <= elements.size(); i += sizeof(T)) {
    T value{};
    std::memcpy(&value, elements.data() + i, sizeof(T));
    // Through int64_t, so that a negative number fills the upper bits.
    take(static_cast<std::uint64_t>(static_cast<std::int64_t>(value)));
  }
}

// The low `kBits` of each byte, as a number with or without a sign.
template <int kBits, bool kSigned, typename Take>
void ForEachNarrow(std::span<const std::byte> elements, Take take) {
  constexpr std::uint64_t kMask = (1u << kBits) - 1;
  constexpr std::uint64_t kSignBit = kSigned ? 1u << (kBits - 1) : 0u;
  for (const std::byte byte : elements) {
    take(((std::to_integer<std::uint64_t>(byte) & kMask) ^ kSignBit) - kSignBit);
  }
}

template <typename Take>
void ForEachNumber(DataType dtype, std::span<const std::byte> elements, Take take) {
  switch (dtype) {
    case DataType::kInt8:
    case DataType::kQint8:
      return ForEachWidened<std::int8_t>(elements, take);
    case DataType::kInt16:
    case DataType::kQint16:
      return ForEachWidened<std::int16_t>(elements, take);
    case DataType::kInt32:
    case DataType::kQint32:
      return ForEachWidened<std::int32_t>(elements, take);
    case DataType::kInt64:
      return ForEachWidened<std::int64_t>(elements, take);
    case DataType::kUint8:
    case DataType::kQuint8:
    case DataType::kFloat8E5m2:
    case DataType::kFloat8E4m3fn:
    case DataType::kFloat8E4m3fnuz:
    case DataType::kFloat8E4m3b11fnuz:
    case DataType::kFloat8E5m2fnuz:
    case DataType::kFloat4E2m1fn:
      return ForEachWidened<std::uint8_t>(elements, take);
    case DataType::kUint16:
    case DataType::kQuint16:
    case DataType::kFloat16:
    case DataType::kBfloat16:
      return ForEachWidened<std::uint16_t>(elements, take);
    case DataType::kUint32:
      return ForEachWidened<std::uint32_t>(elements, take);
    case DataType::kUint64:
      return ForEachWidened<std::uint64_t>(elements, take);
    case DataType::kInt4:
      return ForEachNarrow<4, true>(elements, take);
    case DataType::kUint4:
      return ForEachNarrow<4, false>(elements, take);
    case DataType::kInt2:
      return ForEachNarrow<2, true>(elements, take);
    case DataType::kUint2:
      return ForEachNarrow<2, false>(elements, take);
    default:
      return;
  }
}

}  // namespace

void SwapBytes(std::span<const std::byte> in, std::size_t unit, std::span<std::byte> out) {
  switch (unit) {
    case 2:
      return SwapUnits<2>(in, out);
    case 4:
      return SwapUnits<4>(in, out);
    case 8:
      return SwapUnits<8>(in, out);
    default:
      std::ranges::copy(in, out.begin());
  }
}

void NormaliseBools(std::span<const std::byte> in, std::span<std::byte> out) {
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = in[i] != std::byte{0} ? std::byte{1} : std::byte{0};
}

bool HasVarints(DataType dtype) {
  switch (dtype) {
    case DataType::kFloat32:
    case DataType::kFloat64:
    case DataType::kComplex64:
    case DataType::kComplex128:
    case DataType::kBool:
      return false;
    default:
      return ElementSize(dtype) != 0;
  }
}

std::size_t VarintSize(std::uint64_t value) { return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7; }

void AppendVarint(std::uint64_t value, std::vector<std::byte>& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::byte>(value | 0x80));
  out.push_back(static_cast<std::byte>(value));
}

void AppendStringHead(std::uint64_t size, std::vector<std::byte>& out) {
  out.push_back(static_cast<std::byte>(kStringVal << 3 | kBytes));
  AppendVarint(size, out);
}

std::uint64_t VarintsSize(DataType dtype, std::span<const std::byte> elements) {
  std::uint64_t size = 0;
  ForEachNumber(dtype, elements, [&](std::uint64_t value) { size += VarintSize(value); });
  return size;
}

void AppendVarints(DataType dtype, std::span<const std::byte> elements, std::vector<std::byte>& out) {
  ForEachNumber(dtype, elements, [&](std::uint64_t value) { AppendVarint(value, out); });
}

}  // namespace permafrost
