// Brings together the elements of a part of a tensor from wherever they are stored.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "pieces/byte_sink.h"
#include "pieces/piece_reader.h"
#include "stop.h"
#include "tensor/tiling.h"

namespace permafrost {

// As messages call a tensor.
std::string NameOf(const TensorEntry& entry);

// Used once. Takes a block of memory and a little for each stored piece, whatever the tensor's size.
class Gather {
 public:
  // Opens the shards. Fails where the region is none of the tensor's, where a piece's bytes are not there, and where
  // the pieces do not tile the region. An empty region is all of the tensor. Strings are gone through for their
  // lengths, and most of a V1 checkpoint for their number, however long that takes: `stop` ends it, and all reading
  // after it.
  static Result<Gather> Open(const Checkpoint& checkpoint, const TensorEntry& entry, const Region& region,
                             Checksum checksum, const Stop& stop = {});

  std::uint64_t elements() const { return elements_; }

  // Hands over the next `count` elements in row-major order, as `PieceReader::Read` gives them, in blocks of whole
  // elements; those of strings may end anywhere. There must be so many left.
  Status Read(std::uint64_t count, const ByteSink& take);

  // Passes some of the elements that come next, those that lie together, `count` at most; says how many. What is passed
  // is not read until it has to be. There may be as many such steps as elements.
  std::uint64_t Skip(std::uint64_t count);

  // After the last element: the verdict on the checksums.
  Status Finish();

  // Hands over all elements, and gives the verdict.
  Status ForEachBlock(const ByteSink& take);

 private:
  Gather() = default;
  // Of the elements that come next, those that lie together: `count` at most.
  Run Advance(std::uint64_t count);

  std::uint64_t elements_ = 0;
  bool strings_ = false;
  std::vector<std::unique_ptr<PieceReader>> readers_;
  std::optional<Tiling> tiling_;  // none where there are no elements
  Tiling::Place place_;
  Run run_;  // what is left of the last run that the tiling gave
};

}  // namespace permafrost
