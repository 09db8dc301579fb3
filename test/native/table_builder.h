// Builds table files for tests, right ones and wrong ones.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace permafrost::test {

struct Record {
  std::string key;
  std::string value;
};

struct TableOptions {
  std::size_t records_per_block = 1000;
  std::size_t restart_interval = 16;
  bool snappy = false;
};

// A block without its trailer: prefix-compressed entries and the restart array.
std::string BuildBlock(const std::vector<Record>& records, std::size_t restart_interval = 16);

// One entry as it stands in a block, nothing about it checked.
std::string BlockEntry(std::uint64_t shared, std::string_view suffix, std::string_view value);

// The block with its trailer.
std::string WithTrailer(const std::string& block, int compression = 0);

// Snappy literals that together stand for the bytes; no stream yet, for that the size goes in front.
std::string SnappyElements(std::string_view bytes);

// Valid Snappy without any compression: literals only.
std::string SnappyLiterals(std::string_view bytes);

// A footer that points to an index block; the metaindex handle is (0, 0).
std::string Footer(std::uint64_t index_offset, std::uint64_t index_size);

// A file that consists of one data block, given with its trailer, and of all that leads to it.
std::string TableOfBlock(const std::string& block_with_trailer, std::string_view separator = "\xff");

// The records in the order given, whether it is right or not.
std::string BuildTable(const std::vector<Record>& records, const TableOptions& options = {});

}  // namespace permafrost::test
