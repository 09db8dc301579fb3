// Whether the tensors of an index have their bytes for themselves.
#pragma once

#include <span>
#include <string>

#include "status.h"
#include "tensor/tensor_entry.h"

namespace permafrost {

// No writer gives two tensors, or two slices, the same bytes of a shard: TensorFlow appends each to the end of its file
// and keeps the files apart when it merges bundles. An index that does so could have a small shard read any number of
// times. Fails with kCheckpointMalformed; `path`, that of the index, is for the message.
Status CheckOwnBytes(std::span<const TensorEntry> entries, const std::string& path);

}  // namespace permafrost
