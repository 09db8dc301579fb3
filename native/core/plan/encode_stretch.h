// The tensors whose elements change on the way to the output, each by itself.
#pragma once

#include <cstdint>

#include "checkpoint/checkpoint.h"
#include "plan/output.h"
#include "plan/payload.h"
#include "status.h"

namespace permafrost {

// The bytes from `begin` to `end` of a divisible payload, made where they are written from; both are the ends of
// elements.
Result<StretchSum> EncodeStretch(const Checkpoint& checkpoint, const TensorPart& part, const PayloadForm& form,
                                 std::uint64_t begin, std::uint64_t end, Output& output);

}  // namespace permafrost
