#include "table/table.h"

#include <string_view>

#include "byte_reader.h"
#include "table/format.h"
#include "text.h"

namespace permafrost {
namespace {

Status BadTable(const std::string& cause, const std::string& path) {
  return {StatusCode::kCheckpointMalformed, "bad table (" + cause + "): " + path};
}

}  // namespace

Status ForEachInTable(std::span<const std::byte> file, const std::string& path, const EntryVisitor& visit) {
  const auto footer = ReadFooter(file, path);
  if (!footer.ok()) return footer.status();
  const auto index = ReadBlock(file, footer.value().index, path);
  if (!index.ok()) return index.status();

  std::string last_key;
  bool any = false;
  const auto visit_entry = [&](std::string_view key, std::span<const std::byte> value) -> Status {
    if (any && key <= last_key) return BadTable("key " + Quoted(key) + " out of order", path);
    any = true;
    last_key.assign(key);
    return visit(key, value);
  };
  return ForEachInBlock(index.value().bytes(), path,
                        [&](std::string_view separator, std::span<const std::byte> value) -> Status {
                          ByteReader reader(value);
                          BlockHandle handle;
                          if (!ReadBlockHandle(reader, handle)) return BadTable("bad block handle", path);
                          const auto block = ReadBlock(file, handle, path);
                          if (!block.ok()) return block.status();
                          Status status = ForEachInBlock(block.value().bytes(), path, visit_entry);
                          if (!status.ok()) return status;
                          // A separator only has to be at or after the last key that it stands for.
                          if (any && last_key > separator) return BadTable("block past its separator", path);
                          return {};
                        });
}

}  // namespace permafrost
