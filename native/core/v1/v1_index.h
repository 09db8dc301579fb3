// The tensors of a V1 checkpoint, decoded and checked: one table file or several, each of which begins with a list of
// the slices that are in it and holds them all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/byte_source.h"
#include "status.h"
#include "stop.h"
#include "table/block.h"
#include "tensor/tensor_entry.h"
#include "v1/saved_slices.h"

namespace permafrost {

class V1Index {
 public:
  // Takes in the next file, number 0 first. Verifies the checksums of all its blocks, and with them those of all the
  // elements. `path` is for messages. After a failure the index is of no use.
  Status AddFile(const ByteSource& file, const std::string& path, const Stop& stop = {});

  // In key order. A piece is a TensorProto in its file, and its crc32c means nothing.
  std::vector<TensorEntry> TakeEntries();

 private:
  // Where the piece of a slice goes when its record comes by.
  struct Place {
    TensorEntry* tensor = nullptr;
    std::size_t slice = 0;
    bool filled = false;
  };
  // By the name of the tensor and the text of the slice.
  using Places = std::map<std::pair<std::string, std::string>, Place>;

  // Both give the reason for a refusal, or nothing.
  std::string AddTensor(SavedTensor saved, Places& places);
  static Result<std::string> AddSlice(std::string_view key, const TableValue& value, std::uint32_t shard,
                                      Places& places);

  std::map<std::string, TensorEntry> tensors_;
  std::uint32_t files_ = 0;
};

}  // namespace permafrost
