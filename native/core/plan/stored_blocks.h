// What is stored of a tensor, as it is stored.
#pragma once

#include <cstdint>
#include <string>

#include "checkpoint/checkpoint.h"
#include "pieces/byte_sink.h"
#include "status.h"

namespace permafrost {

// Gives `take` the bytes from `begin` to `end` of a piece, in blocks of kBlockSize at most. `name` is for messages, as
// in `Checkpoint::ShardOf`. Fails as `ShardOf` and `InputFile::ReadAt` do, and with what `take` fails with.
Status ForEachStoredBlock(const Checkpoint& checkpoint, const StoredPiece& piece, const std::string& name,
                          std::uint64_t begin, std::uint64_t end, const ByteSink& take);

}  // namespace permafrost
