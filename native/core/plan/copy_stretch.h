// The tensors that go to the output as they are stored.
#pragma once

#include <cstdint>

#include "checkpoint/checkpoint.h"
#include "plan/output.h"
#include "plan/payload.h"
#include "status.h"

namespace permafrost {

// True where the bytes of a divisible payload are those that are stored.
bool IsCopy(const Checkpoint& checkpoint, const TensorPart& part, const PayloadForm& form);

// Reads the bytes from `begin` to `end` of the tensor straight to where they are written from.
Result<StretchSum> CopyStretch(const Checkpoint& checkpoint, const TensorPart& part, std::uint64_t begin,
                               std::uint64_t end, Output& output);

}  // namespace permafrost
