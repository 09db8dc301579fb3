#include "table_builder.h"

#include <algorithm>

#include "crc32c/crc32c.h"
#include "wire.h"

namespace permafrost::test {

std::string BlockEntry(std::uint64_t shared, std::string_view suffix, std::string_view value) {
  return Varint(shared) + Varint(suffix.size()) + Varint(value.size()) + std::string(suffix) + std::string(value);
}

std::string BuildBlock(const std::vector<Record>& records, std::size_t restart_interval) {
  std::string entries;
  std::string restarts;
  std::uint32_t restart_count = 0;
  std::string last;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string& key = records[i].key;
    std::size_t shared = 0;
    if (i % restart_interval == 0) {
      restarts += Fixed32(static_cast<std::uint32_t>(entries.size()));
      ++restart_count;
    } else {
      while (shared < std::min(key.size(), last.size()) && key[shared] == last[shared]) ++shared;
    }
    entries += BlockEntry(shared, std::string_view(key).substr(shared), records[i].value);
    last = key;
  }
  if (restart_count == 0) {
    restarts = Fixed32(0);
    restart_count = 1;
  }
  return entries + restarts + Fixed32(restart_count);
}

std::string WithTrailer(const std::string& block, int compression) {
  const std::string checked = block + static_cast<char>(compression);
  return checked + Fixed32(crc32c::Mask(crc32c::Value(Bytes(checked))));
}

std::string SnappyElements(std::string_view bytes) {
  std::string out;
  for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 60))) {
    const std::string_view piece = bytes.substr(0, 60);
    out += static_cast<char>((piece.size() - 1) << 2);
    out += piece;
  }
  return out;
}

std::string SnappyLiterals(std::string_view bytes) { return Varint(bytes.size()) + SnappyElements(bytes); }

std::string Footer(std::uint64_t index_offset, std::uint64_t index_size) {
  std::string handles = Varint(0) + Varint(0) + Varint(index_offset) + Varint(index_size);
  handles.resize(40);
  return handles + "\x57\xfb\x80\x8b\x24\x75\x47\xdb";
}

std::string TableOfBlock(const std::string& block_with_trailer, std::string_view separator) {
  const std::string handle = Varint(0) + Varint(block_with_trailer.size() - 5);
  const std::string index = BuildBlock({{std::string(separator), handle}}, 1);
  return block_with_trailer + WithTrailer(index) + Footer(block_with_trailer.size(), index.size());
}

std::string BuildTable(const std::vector<Record>& records, const TableOptions& options) {
  std::string file;
  std::vector<Record> handles;
  for (std::size_t i = 0; i < records.size(); i += options.records_per_block) {
    const auto end = std::min(records.size(), i + options.records_per_block);
    std::string block = BuildBlock(
        {records.begin() + static_cast<std::ptrdiff_t>(i), records.begin() + static_cast<std::ptrdiff_t>(end)},
        options.restart_interval);
    if (options.snappy) block = SnappyLiterals(block);
    handles.push_back({records[end - 1].key, Varint(file.size()) + Varint(block.size())});
    file += WithTrailer(block, options.snappy ? 1 : 0);
  }
  const std::string index = BuildBlock(handles, 1);
  const std::uint64_t index_offset = file.size();
  return file + WithTrailer(index) + Footer(index_offset, index.size());
}

}  // namespace permafrost::test
