#include "plan/encoder.h"

#include "pieces/convert.h"

namespace permafrost {

Encoder::Encoder(const Checkpoint& checkpoint, const TensorEntry& entry, PayloadEncoding encoding)
    : dtype_(entry.dtype), encoding_(encoding), swap_unit_(checkpoint.big_endian() ? SwapUnit(entry.dtype) : 1) {}

std::span<const std::byte> Encoder::Encode(std::span<const std::byte> elements) {
  switch (encoding_) {
    case PayloadEncoding::kRaw:
      return Ordered(elements);
    case PayloadEncoding::kBool:
      encoded_.resize(elements.size());
      NormaliseBools(elements, encoded_);
      return encoded_;
    case PayloadEncoding::kVarint:
      encoded_.clear();
      AppendVarints(dtype_, Ordered(elements), encoded_);
      return encoded_;
    case PayloadEncoding::kStrings:
      return elements;
  }
  return elements;
}

std::uint64_t Encoder::SizeOf(std::span<const std::byte> elements) {
  return encoding_ == PayloadEncoding::kVarint ? VarintsSize(dtype_, Ordered(elements)) : elements.size();
}

std::span<const std::byte> Encoder::Ordered(std::span<const std::byte> elements) {
  if (swap_unit_ <= 1) return elements;
  ordered_.resize(elements.size());
  SwapBytes(elements, swap_unit_, ordered_);
  return ordered_;
}

}  // namespace permafrost
