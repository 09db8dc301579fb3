#include "tensor_columns.h"

#include <cstdint>
#include <vector>

#include "typed_array.h"

namespace permafrost::addon {
namespace {

// A row of a ragged column.
template <typename Array>
auto RowOf(const Array& column, const Napi::Uint32Array& ends, std::size_t i) {
  const std::uint32_t begin = i == 0 ? 0 : ends[i - 1];
  const std::uint32_t end = ends[i];
  if (begin > end || end > column.ElementLength())
    throw Napi::RangeError::New(column.Env(), "no such row of a ragged column");
  return std::vector(column.Data() + begin, column.Data() + end);
}

}  // namespace

TensorColumns::TensorColumns(const Napi::Object& columns, const Checkpoint& checkpoint)
    : checkpoint_(checkpoint),
      rows_(TypedArrayOf<Napi::Int32Array>(columns.Get("rows"), napi_int32_array)),
      encodings_(TypedArrayOf<Napi::Uint8Array>(columns.Get("encodings"), napi_uint8_array)),
      extents_(TypedArrayOf<Napi::Float64Array>(columns.Get("extents"), napi_float64_array)),
      extent_ends_(TypedArrayOf<Napi::Uint32Array>(columns.Get("extentEnds"), napi_uint32_array)),
      scales_(TypedArrayOf<Napi::Float32Array>(columns.Get("scales"), napi_float32_array)),
      scale_ends_(TypedArrayOf<Napi::Uint32Array>(columns.Get("scaleEnds"), napi_uint32_array)),
      channels_(TypedArrayOf<Napi::Float64Array>(columns.Get("channels"), napi_float64_array)),
      factors_(TypedArrayOf<Napi::Float64Array>(columns.Get("factors"), napi_float64_array)),
      factor_ends_(TypedArrayOf<Napi::Uint32Array>(columns.Get("factorEnds"), napi_uint32_array)),
      factor_channels_(TypedArrayOf<Napi::Float64Array>(columns.Get("factorChannels"), napi_float64_array)) {
  if (encodings_.ElementLength() != count() || extent_ends_.ElementLength() != count() ||
      scale_ends_.ElementLength() != count() || channels_.ElementLength() != 3 * count() ||
      factor_ends_.ElementLength() != count() || factor_channels_.ElementLength() != 3 * count()) {
    throw Napi::RangeError::New(columns.Env(), "the columns differ in length");
  }
}

TensorPart TensorColumns::Part(std::size_t i) const {
  TensorPart part;
  const std::int32_t row = rows_[i];
  if (row < 0 || static_cast<std::size_t>(row) >= checkpoint_.entries().size()) {
    throw Napi::RangeError::New(rows_.Env(), "no such row in the checkpoint");
  }
  part.entry = static_cast<std::uint32_t>(row);
  const std::uint32_t end = extent_ends_[i];
  if (end > extents_.ElementLength()) throw Napi::RangeError::New(rows_.Env(), "no such extent");
  for (std::uint32_t at = i == 0 ? 0 : extent_ends_[i - 1]; at + 1 < end; at += 2) {
    part.region.push_back({static_cast<std::int64_t>(extents_[at]), static_cast<std::int64_t>(extents_[at + 1])});
  }
  return part;
}

Channels TensorColumns::ChannelsIn(const Napi::Float64Array& column, std::size_t i) {
  const auto number = [&](std::size_t place) { return static_cast<std::uint64_t>(column[3 * i + place]); };
  return {number(0), number(1), number(2)};
}

PayloadForm TensorColumns::Form(std::size_t i) const {
  PayloadForm form = static_cast<PayloadEncoding>(static_cast<std::uint8_t>(encodings_[i]));
  form.scales = {RowOf(scales_, scale_ends_, i), ChannelsOf(i)};
  form.factors = {RowOf(factors_, factor_ends_, i), ChannelsIn(factor_channels_, i)};
  return form;
}

}  // namespace permafrost::addon
