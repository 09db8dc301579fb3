#include "table/table.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <vector>

#include "byte_reader.h"
#include "table/format.h"
#include "text.h"

namespace permafrost {
namespace {

// TensorFlow writes every 16th key whole and compresses none of these files, so its keys unfold to less than 16 times
// their size, and so do its entries (`CostOfEntry`), each of which takes some 20 bytes there besides its key.
constexpr std::uint64_t kMostUnfolding = 16;
constexpr std::uint64_t kFreeUnfolding = std::uint64_t{1024} * 1024;

Status BadTable(const std::string& cause, const std::string& path) {
  return {StatusCode::kCheckpointMalformed, "bad table (" + cause + "): " + path};
}

}  // namespace

std::uint64_t UnfoldingLimit(std::uint64_t file_size) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  return file_size > kMost / kMostUnfolding ? kMost : std::min(file_size * kMostUnfolding + kFreeUnfolding, kMost);
}

Status ForEachInTable(const ByteSource& file, const std::string& path, const Stop& stop, const EntryVisitor& visit) {
  const auto footer = ReadFooter(file, path);
  if (!footer.ok()) return footer.status();
  const auto index = ReadBlock(file, footer.value().index, path, stop);
  if (!index.ok()) return index.status();

  std::uint64_t key_budget = UnfoldingLimit(file.size);
  std::uint64_t last_end = 0;
  std::string last_key;
  bool any = false;
  std::vector<std::byte> handle_bytes;
  const auto visit_entry = [&](std::string_view key, const TableValue& value) -> Status {
    if (any && key <= last_key) return BadTable("key " + Quoted(key) + " out of order", path);
    any = true;
    last_key.assign(key);
    return visit(key, value);
  };
  return ForEachInBlock(index.value(), path, key_budget,
                        [&](std::string_view separator, const TableValue& value) -> Status {
                          if (Status status = value.ReadInto(handle_bytes); !status.ok()) return status;
                          ByteReader reader(handle_bytes);
                          BlockHandle handle;
                          if (!ReadBlockHandle(reader, handle)) return BadTable("bad block handle", path);
                          const auto block = ReadBlock(file, handle, path, stop);
                          if (!block.ok()) return block.status();
                          // Else a file could have one large block read again and again.
                          if (handle.offset < last_end) return BadTable("blocks overlap", path);
                          last_end = handle.offset + handle.size + kBlockTrailerSize;
                          Status status = ForEachInBlock(block.value(), path, key_budget, visit_entry);
                          if (!status.ok()) return status;
                          // A separator only has to be at or after the last key that it stands for.
                          if (any && last_key > separator) return BadTable("block past its separator", path);
                          return {};
                        });
}

}  // namespace permafrost
