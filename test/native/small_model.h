// A small checkpoint with something of everything, and the freezing of all that is in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "checkpoint/checkpoint.h"
#include "plan/plan_writer.h"

namespace permafrost::test {

// The same tensors in a bundle of two shards, whose last one is in slices, or in two files of a V1 checkpoint.
enum class SmallKind : std::uint8_t { kBundle, kV1 };

// How the output is cut: one file; or a folder of four, one of them empty and one in a folder of its own.
enum class SmallLayout : std::uint8_t { kFile, kFolder };

// Makes the files in `folder`, and one more, of 3000 bytes, that goes into the output.
void WriteSmallModel(const std::string& folder, SmallKind kind);

Result<std::shared_ptr<const Checkpoint>> OpenSmallModel(const std::string& folder, SmallKind kind);

// Opens the checkpoint and writes, for each tensor, what the index says of it, and its elements in the encoding that
// its type has in a frozen graph.
Result<Written> FreezeSmallModel(const std::string& folder, SmallKind kind, const std::string& target,
                                 SmallLayout layout, bool durable = false);

// The bytes of a file, or of all files of a folder, each with its path; "" where there is nothing.
std::string ContentsOf(const std::string& target);

}  // namespace permafrost::test
