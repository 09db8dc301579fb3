// The tensors that JavaScript asks for, as columns: `TensorColumns` of src/native-checkpoint.ts.
#pragma once

#include <napi.h>

#include <cstddef>

#include "plan/payload.h"

namespace permafrost::addon {

class TensorColumns {
 public:
  // Throws where the columns are not of one length.
  TensorColumns(const Napi::Object& columns, const Checkpoint& checkpoint);

  std::size_t count() const { return rows_.ElementLength(); }
  bool IsTensor(std::size_t i) const { return rows_[i] >= 0; }
  // Throws where there is no such row.
  TensorPart Part(std::size_t i) const;
  Channels ChannelsOf(std::size_t i) const { return ChannelsIn(channels_, i); }
  PayloadForm Form(std::size_t i) const;

 private:
  static Channels ChannelsIn(const Napi::Float64Array& column, std::size_t i);
  const Checkpoint& checkpoint_;
  Napi::Int32Array rows_;
  Napi::Uint8Array encodings_;
  Napi::Float64Array extents_;
  Napi::Uint32Array extent_ends_;
  Napi::Float32Array scales_;
  Napi::Uint32Array scale_ends_;
  Napi::Float64Array channels_;
  Napi::Float64Array factors_;
  Napi::Uint32Array factor_ends_;
  Napi::Float64Array factor_channels_;
};

}  // namespace permafrost::addon
