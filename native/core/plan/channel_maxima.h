// The largest magnitude of every channel of tensors: what their scales are made of, before a plan stands.
#pragma once

#include <span>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "convert/quantization.h"
#include "plan/payload.h"
#include "status.h"

namespace permafrost {

struct ChannelledTensor {
  TensorPart part;  // of float32
  Channels channels;
  PayloadForm form = PayloadEncoding::kRaw;  // raw, scaled or not
};

// For each tensor one number for each channel, block by block; a NaN or an infinity where the channel has one. Reads
// all elements with several threads (as `ThreadsFor`) and verifies no checksums: that is for those who write the
// tensors.
Result<std::vector<std::vector<float>>> FindChannelMaxima(const Checkpoint& checkpoint,
                                                          std::span<const ChannelledTensor> tensors, unsigned threads);

}  // namespace permafrost
