#include "plan/encoder.h"

#include "pieces/convert.h"

namespace permafrost {

const Conversion* ConversionOf(DataType dtype, PayloadEncoding encoding) {
  switch (encoding) {
    case PayloadEncoding::kFloat16:
      return FindConversion(dtype, DataType::kFloat16);
    case PayloadEncoding::kBfloat16:
      return FindConversion(dtype, DataType::kBfloat16);
    case PayloadEncoding::kInt32:
      return FindConversion(dtype, DataType::kInt32);
    case PayloadEncoding::kFloat32:
      return FindConversion(dtype, DataType::kFloat32);
    default:
      return nullptr;
  }
}

std::size_t EncodedSize(DataType dtype, PayloadEncoding encoding) {
  switch (encoding) {
    case PayloadEncoding::kRaw:
    case PayloadEncoding::kBool:
      return ElementSize(dtype);
    case PayloadEncoding::kInt8:
      return ElementSize(DataType::kInt8);
    default: {
      const Conversion* conversion = ConversionOf(dtype, encoding);
      return conversion == nullptr ? 0 : ElementSize(conversion->to);
    }
  }
}

Encoder::Encoder(const Checkpoint& checkpoint, const TensorEntry& entry, const PayloadForm& form, std::uint64_t first)
    : dtype_(entry.dtype),
      encoding_(form.encoding),
      swap_unit_(checkpoint.big_endian() ? SwapUnit(entry.dtype) : 1),
      conversion_(ConversionOf(entry.dtype, form.encoding)) {
  if (!form.factors.factors.empty()) scaler_.emplace(dtype_, form.factors, first);
  if (encoding_ == PayloadEncoding::kInt8) quantizer_.emplace(form.scales, first);
}

std::span<const std::byte> Encoder::Encode(std::span<const std::byte> elements) {
  switch (encoding_) {
    case PayloadEncoding::kRaw:
      return Prepared(elements);
    case PayloadEncoding::kVarint:
      encoded_.clear();
      AppendVarints(dtype_, Prepared(elements), encoded_);
      return encoded_;
    case PayloadEncoding::kStrings:
      return elements;
    default:
      encoded_.resize(elements.size() / ElementSize(dtype_) * EncodedSize(dtype_, encoding_));
      EncodeInto(elements, encoded_);
      return encoded_;
  }
}

void Encoder::EncodeInto(std::span<const std::byte> elements, std::span<std::byte> encoded) {
  if (encoding_ == PayloadEncoding::kRaw && scaler_) return scaler_->Scale(Ordered(elements), encoded);
  if (encoding_ == PayloadEncoding::kRaw) return SwapBytes(elements, swap_unit_, encoded);
  if (encoding_ == PayloadEncoding::kBool) return NormaliseBools(elements, encoded);
  if (quantizer_) return quantizer_->Convert(Prepared(elements), encoded);
  overflows_ += conversion_->convert(Prepared(elements), encoded);
}

std::uint64_t Encoder::SizeOf(std::span<const std::byte> elements) {
  return encoding_ == PayloadEncoding::kVarint ? VarintsSize(dtype_, Prepared(elements)) : elements.size();
}

std::span<const std::byte> Encoder::Prepared(std::span<const std::byte> elements) {
  const std::span<const std::byte> ordered = Ordered(elements);
  if (!scaler_) return ordered;
  scaled_.resize(ordered.size());
  scaler_->Scale(ordered, scaled_);
  return scaled_;
}

std::span<const std::byte> Encoder::Ordered(std::span<const std::byte> elements) {
  if (swap_unit_ <= 1) return elements;
  ordered_.resize(elements.size());
  SwapBytes(elements, swap_unit_, ordered_);
  return ordered_;
}

}  // namespace permafrost
