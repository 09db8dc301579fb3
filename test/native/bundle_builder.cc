#include "bundle_builder.h"

#include <array>
#include <cstdio>
#include <utility>

#include "crc32c/crc32c.h"
#include "temporary_folder.h"
#include "wire.h"

namespace permafrost::test {

std::string EntryFields::Encode() const {
  std::string shape_message;
  for (const std::int64_t dimension : shape) shape_message += BytesField(2, VarintField(1, dimension));
  std::string message = VarintField(1, dtype) + BytesField(2, shape_message);
  if (shard != 0) message += VarintField(3, shard);
  if (offset != 0) message += VarintField(4, offset);
  if (size != 0) message += VarintField(5, size);
  message += Fixed32Field(6, crc32c);
  for (const std::string& slice : slices) message += BytesField(7, slice);
  return message + extra;
}

BundleBuilder::BundleBuilder(std::uint32_t num_shards, bool big_endian)
    : big_endian_(big_endian),
      header_(VarintField(1, num_shards) + (big_endian ? VarintField(2, 1) : "") + BytesField(3, VarintField(1, 1))),
      shards_(num_shards) {}

EntryFields& BundleBuilder::Add(const std::string& key, DataType dtype, std::vector<std::int64_t> shape,
                                std::string_view data, std::uint32_t shard) {
  EntryFields& entry = entries_[key];
  entry.dtype = static_cast<std::int64_t>(dtype);
  entry.shape = std::move(shape);
  entry.shard = shard;
  entry.offset = static_cast<std::int64_t>(shards_[shard].size());
  entry.size = static_cast<std::int64_t>(data.size());
  entry.crc32c = crc32c::Mask(crc32c::Value(Bytes(data)));
  shards_[shard] += data;
  return entry;
}

EntryFields& BundleBuilder::AddStrings(const std::string& key, std::vector<std::int64_t> shape,
                                       const std::vector<std::string>& elements, std::uint32_t shard) {
  std::uint32_t crc = 0;
  const std::string stored = StoredStrings(elements, big_endian_, crc);
  EntryFields& entry = Add(key, DataType::kString, std::move(shape), stored, shard);
  entry.crc32c = crc32c::Mask(crc);
  return entry;
}

EntryFields& BundleBuilder::AddSlice(const std::string& tensor, const std::vector<Extent>& extents,
                                     std::string_view data, std::uint32_t shard) {
  EntryFields& whole = entries_.at(tensor);
  whole.slices.push_back(SliceMessage(extents));
  std::vector<std::int64_t> shape;
  for (std::size_t i = 0; i < extents.size(); ++i) {
    shape.push_back(extents[i].length < 0 ? whole.shape[i] : extents[i].length);
  }
  const auto dtype = static_cast<DataType>(whole.dtype);
  return Add(SliceRecordKey(tensor, extents), dtype, std::move(shape), data, shard);
}

EntryFields& BundleBuilder::AddStringSlice(const std::string& tensor, const std::vector<Extent>& extents,
                                           const std::vector<std::string>& elements, std::uint32_t shard) {
  std::uint32_t crc = 0;
  const std::string stored = StoredStrings(elements, big_endian_, crc);
  EntryFields& entry = AddSlice(tensor, extents, stored, shard);
  entry.crc32c = crc32c::Mask(crc);
  return entry;
}

std::string BundleBuilder::Index() const {
  std::vector<Record> records = {{"", header_}};
  for (const auto& [key, entry] : entries_) records.push_back({key, entry.Encode()});
  return BuildTable(records, table_);
}

void BundleBuilder::Write(const std::string& prefix) const {
  WriteFile(prefix + ".index", Index());
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    std::array<char, 64> suffix{};
    static_cast<void>(std::snprintf(suffix.data(), suffix.size(), ".data-%05zu-of-%05zu", i, shards_.size()));
    WriteFile(prefix + suffix.data(), shards_[i]);
  }
}

std::string SliceMessage(const std::vector<Extent>& extents) {
  std::string message;
  for (const Extent& extent : extents) {
    std::string fields;
    if (extent.start != 0) fields += VarintField(1, extent.start);
    if (extent.length >= 0) fields += VarintField(2, extent.length);
    message += BytesField(1, fields);
  }
  return message;
}

std::string SliceRecordKey(const std::string& tensor, const std::vector<Extent>& extents) {
  std::string key = std::string(1, '\0') + tensor + std::string("\0\1\1", 3) + static_cast<char>(extents.size());
  // One byte a number: 80 is zero, 7f is minus one.
  for (const Extent& extent : extents) {
    key += static_cast<char>(0x80 + extent.start);
    key += static_cast<char>(0x80 + extent.length);
  }
  return key;
}

std::string StoredStrings(const std::vector<std::string>& elements, bool big_endian, std::uint32_t& crc) {
  std::string stored;
  std::string counted;
  for (const std::string& element : elements) {
    stored += Varint(element.size());
    counted += Fixed(element.size(), 4, big_endian);
  }
  const std::string checksum = Fixed(crc32c::Mask(crc32c::Value(Bytes(counted))), 4, big_endian);
  stored += checksum;
  counted += checksum;
  for (const std::string& element : elements) {
    stored += element;
    counted += element;
  }
  crc = crc32c::Value(Bytes(counted));
  return stored;
}

}  // namespace permafrost::test
