// Turns stored elements into the payload of a TensorProto, block by block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "convert/conversion.h"
#include "convert/quantization.h"
#include "convert/scaling.h"

namespace permafrost {

// The numbers cross to TypeScript (src/native.ts, PayloadEncoding).
enum class PayloadEncoding : std::uint8_t {
  kRaw = 0,      // little-endian elements: tensor_content, and packed float_val, double_val, scomplex_val, dcomplex_val
  kBool = 1,     // one byte 0 or 1 an element: packed bool_val
  kVarint = 2,   // one varint an element, negative ones sign-extended to 64 bits: packed int_val, half_val, int64_val
  kStrings = 3,  // tag, length and bytes of each element: string_val, the field's own tag included
  kFloat16 = 4,  // little-endian elements, as the others below: float32 as float16
  kBfloat16 = 5,  // float32 as bfloat16
  kInt8 = 6,      // float32 as multiples of its channel's scale
  kInt32 = 7,     // int64 as int32
  kFloat32 = 8,   // float64, float16 or bfloat16 as float32
};

// An encoding with all that it needs to know.
struct PayloadForm {
  // Most encodings need nothing else, so they are forms.
  PayloadForm(PayloadEncoding given, ChannelScales channel_scales = {})
      : encoding(given), scales(std::move(channel_scales)) {}

  PayloadEncoding encoding;
  ChannelScales scales;  // of kInt8
  // What elements of a floating type are multiplied by first.
  ChannelFactors factors;
};

// Null where the encoding is none that changes the elements' type, or not from that one. kInt8 is not among them.
const Conversion* ConversionOf(DataType dtype, PayloadEncoding encoding);

// Bytes of an element in the payload, where all have the same; 0 where they do not.
std::size_t EncodedSize(DataType dtype, PayloadEncoding encoding);

// Not for use by several threads.
class Encoder {
 public:
  // `first` is the number of the element that comes first. The form's scales and factors are borrowed.
  Encoder(const Checkpoint& checkpoint, const TensorEntry& entry, const PayloadForm& form, std::uint64_t first = 0);

  // The payload of whole elements; of strings, of what their reader gives. It lasts until the next call.
  std::span<const std::byte> Encode(std::span<const std::byte> elements);

  // The same in memory of the caller's, where all elements take the same number of bytes (`EncodedSize`).
  void EncodeInto(std::span<const std::byte> elements, std::span<std::byte> encoded);

  // How many bytes the payload would be.
  std::uint64_t SizeOf(std::span<const std::byte> elements);

  // Elements so far that their type has no place for; see `Conversion::convert` and `Scaler::overflows`.
  std::uint64_t overflows() const { return overflows_ + (scaler_ ? scaler_->overflows() : 0); }

 private:
  // In the order of little-endian bytes, and scaled.
  std::span<const std::byte> Prepared(std::span<const std::byte> elements);
  std::span<const std::byte> Ordered(std::span<const std::byte> elements);

  DataType dtype_;
  PayloadEncoding encoding_;
  std::size_t swap_unit_;
  const Conversion* conversion_;
  std::optional<Scaler> scaler_;
  std::optional<Quantizer> quantizer_;
  std::vector<std::byte> ordered_;
  std::vector<std::byte> scaled_;
  std::vector<std::byte> encoded_;
  std::uint64_t overflows_ = 0;
};

}  // namespace permafrost
