// Builds tensor bundles for tests. Every field of an entry can be made wrong before the bundle is written.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "table_builder.h"
#include "tensor/dtype.h"
#include "tensor/region.h"

namespace permafrost::test {

struct EntryFields {
  std::int64_t dtype = 0;
  std::vector<std::int64_t> shape;
  std::int64_t shard = 0;
  std::int64_t offset = 0;
  std::int64_t size = 0;
  std::uint32_t crc32c = 0;         // masked
  std::vector<std::string> slices;  // TensorSliceProto each
  std::string extra;                // appended to the message

  std::string Encode() const;
};

class BundleBuilder {
 public:
  explicit BundleBuilder(std::uint32_t num_shards = 1, bool big_endian = false);

  // `data` is what the shard will hold. Returns the entry for changes.
  EntryFields& Add(const std::string& key, DataType dtype, std::vector<std::int64_t> shape, std::string_view data,
                   std::uint32_t shard = 0);
  EntryFields& AddStrings(const std::string& key, std::vector<std::int64_t> shape,
                          const std::vector<std::string>& elements, std::uint32_t shard = 0);

  // One of the slices of `tensor`, added before: its record, and its place in the tensor's entry. An extent is a start
  // and a length; a length of -1 is the whole dimension. Returns the slice's record.
  EntryFields& AddSlice(const std::string& tensor, const std::vector<Extent>& extents, std::string_view data,
                        std::uint32_t shard = 0);
  EntryFields& AddStringSlice(const std::string& tensor, const std::vector<Extent>& extents,
                              const std::vector<std::string>& elements, std::uint32_t shard = 0);

  // The header's message; replaced as a whole where it should be wrong.
  void set_header(std::string header) { header_ = std::move(header); }
  TableOptions& table() { return table_; }
  std::string& shard_bytes(std::uint32_t shard) { return shards_[shard]; }

  std::string Index() const;
  void Write(const std::string& prefix) const;

 private:
  bool big_endian_;
  std::string header_;
  TableOptions table_;
  std::map<std::string, EntryFields> entries_;  // by bytes, as the table sorts them
  std::vector<std::string> shards_;
};

// TensorSliceProto.
std::string SliceMessage(const std::vector<Extent>& extents);
// The key of a slice's record, for names without bytes 00 and ff and numbers from -1 to 63.
std::string SliceRecordKey(const std::string& tensor, const std::vector<Extent>& extents);

// A string tensor as it is stored, and the checksum of its entry, unmasked.
std::string StoredStrings(const std::vector<std::string>& elements, bool big_endian, std::uint32_t& crc);

}  // namespace permafrost::test
