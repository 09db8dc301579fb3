#include "bundle/index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "bundle_builder.h"
#include "source.h"
#include "wire.h"

namespace permafrost {
namespace {

using test::BlockEntry;
using test::BuildTable;
using test::BundleBuilder;
using test::BytesField;
using test::EntryFields;
using test::Fixed;
using test::Source;
using test::TableOfBlock;
using test::Varint;
using test::VarintField;
using test::WithTrailer;

// A slice record's key: tensor "w", one dimension, the first two rows.
const std::string kSliceKey("\0w\0\1\1\1\x80\x82", 8);

Status StatusOf(const std::string& index) { return ReadBundleIndex(Source(index), "x.index").status(); }

// The message for one entry "w" after `change` has made it wrong.
template <typename Change>
std::string Refusal(Change change) {
  BundleBuilder builder;
  change(builder.Add("w", DataType::kFloat32, {2}, "12345678"));
  return StatusOf(builder.Index()).message();
}

std::string RefusalOfHeader(const std::string& header) {
  BundleBuilder builder;
  builder.set_header(header);
  return StatusOf(builder.Index()).message();
}

TEST(IndexTest, ReadsEntriesInKeyOrder) {
  BundleBuilder builder(3);
  builder.Add("b", DataType::kInt64, {}, "12345678", 2);
  builder.Add("a", DataType::kFloat16, {2, 1}, "1234", 2);
  builder.Add("c", DataType::kFloat32, {0, 5}, "", 1);
  builder.AddStrings("d", {1}, {"text"});
  const auto index = ReadBundleIndex(Source(builder.Index()), "x.index");
  ASSERT_TRUE(index.ok()) << index.status().message();
  EXPECT_EQ(index.value().num_shards, 3u);
  EXPECT_FALSE(index.value().big_endian);
  const auto& entries = index.value().entries;
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_EQ(entries[0].key, "a");
  EXPECT_EQ(entries[0].dtype, DataType::kFloat16);
  EXPECT_EQ(entries[0].shape, (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(entries[0].shard, 2u);
  EXPECT_EQ(entries[0].offset, 8u);
  EXPECT_EQ(entries[0].size, 4u);
  EXPECT_EQ(entries[1].key, "b");
  EXPECT_TRUE(entries[1].shape.empty());
  EXPECT_EQ(entries[2].size, 0u);
  EXPECT_EQ(entries[3].dtype, DataType::kString);
}

TEST(IndexTest, ReadsManyBlocksPlainAndCompressed) {
  for (const bool snappy : {false, true}) {
    BundleBuilder builder;
    for (int i = 0; i < 500; ++i) builder.Add("layer/" + std::to_string(i), DataType::kInt8, {1}, "x");
    builder.table() = {7, 4, snappy};
    const auto index = ReadBundleIndex(Source(builder.Index()), "x.index");
    ASSERT_TRUE(index.ok()) << index.status().message();
    ASSERT_EQ(index.value().entries.size(), 500u);
    EXPECT_EQ(index.value().entries[499].key, "layer/99");
  }
}

TEST(IndexTest, ATensorInSlicesHasTheirRecords) {
  BundleBuilder builder;
  builder.Add("w", DataType::kFloat32, {4, 1}, "").shard = 77;  // means nothing here
  builder.AddSlice("w", {{2, 2}, {0, -1}}, "12345678");
  builder.AddSlice("w", {{0, 2}, {0, -1}}, "abcdefgh");
  const auto index = ReadBundleIndex(Source(builder.Index()), "x.index");
  ASSERT_TRUE(index.ok()) << index.status().message();
  ASSERT_EQ(index.value().entries.size(), 1u);
  const TensorEntry& entry = index.value().entries[0];
  EXPECT_EQ(entry.key, "w");
  EXPECT_EQ(entry.size, 16u);
  EXPECT_EQ(entry.shape, (std::vector<std::int64_t>{4, 1}));
  ASSERT_EQ(entry.slices.size(), 2u);
  EXPECT_EQ(entry.slices[0].region, (Region{{2, 2}, {0, 1}}));
  EXPECT_EQ(entry.slices[0].offset, 0u);
  EXPECT_EQ(entry.slices[1].region, (Region{{0, 2}, {0, 1}}));
  EXPECT_EQ(entry.slices[1].offset, 8u);
}

// The message of an index of "w", float32 of shape {4}, whose two slices have been changed.
std::string SliceRefusal(const std::function<void(BundleBuilder&, EntryFields& whole, EntryFields& first)>& change) {
  BundleBuilder builder;
  EntryFields& whole = builder.Add("w", DataType::kFloat32, {4}, "");
  EntryFields& first = builder.AddSlice("w", {{0, 2}}, "12345678");
  builder.AddSlice("w", {{2, 2}}, "abcdefgh");
  change(builder, whole, first);
  return StatusOf(builder.Index()).message();
}

TEST(IndexTest, RefusesSlicesThatDoNotBelongToTheirTensor) {
  const auto fault = [](const std::string& cause) {
    return "bad index entry (slice " + cause + "): tensor 'w' in x.index";
  };
  EXPECT_EQ(SliceRefusal([](auto&, auto&, auto&) {}), "");
  EXPECT_EQ(SliceRefusal([](auto&, auto& whole, auto&) { whole.slices.push_back(test::SliceMessage({{1, 2}})); }),
            fault("1,2 has no record"));
  EXPECT_EQ(SliceRefusal([](auto& builder, auto&, auto&) { builder.AddSlice("w", {{3, 2}}, "12345678"); }),
            fault("3,2 is outside its shape"));
  EXPECT_EQ(SliceRefusal([](auto& builder, auto&, auto&) { builder.AddSlice("w", {{1, 1}, {0, 1}}, "1234"); }),
            fault("1,1:0,1 is outside its shape"));
  EXPECT_EQ(SliceRefusal([](auto&, auto& whole, auto&) {
              whole.slices.push_back(test::SliceMessage({{INT64_MAX, INT64_MAX}}));
            }),
            fault("9223372036854775807,9223372036854775807 is outside its shape"));
  EXPECT_EQ(SliceRefusal([](auto&, auto&, auto& first) { first.dtype = 3; }), fault("0,2 is of int32, not of float32"));
  EXPECT_EQ(SliceRefusal([](auto&, auto&, auto& first) { first.shape = {2, 1}; }),
            fault("0,2 has another shape than its record"));
  EXPECT_EQ(SliceRefusal([](auto&, auto&, auto& first) { first.slices = {test::SliceMessage({{0, 1}})}; }),
            fault("0,2 is in slices itself"));
  EXPECT_EQ(SliceRefusal([](auto&, auto& whole, auto&) { whole.slices.push_back(""); }),
            "bad index entry (malformed): tensor 'w' in x.index");
}

TEST(IndexTest, SliceRecordsAreCheckedAndNamed) {
  BundleBuilder builder;
  builder.Add(kSliceKey, DataType::kFloat32, {2}, "12345678").size = 4;
  EXPECT_EQ(StatusOf(builder.Index()).message(),
            "bad index entry (size of 4 bytes, shape and dtype need 8): slice 0,2 of tensor 'w' in x.index");

  BundleBuilder malformed;
  malformed.Add(std::string("\0w", 2), DataType::kFloat32, {2}, "12345678");
  EXPECT_EQ(StatusOf(malformed.Index()).message(), "bad index entry (malformed key): slice record '\\x00w' in x.index");
}

// What is in no order in the shard may touch, but not share bytes; tensors without bytes may be anywhere.
TEST(IndexTest, RefusesTensorsThatShareBytes) {
  const auto refusal = [](std::int64_t offset, std::int64_t shard) {
    BundleBuilder builder(2);
    builder.Add("a", DataType::kFloat32, {2}, "12345678").offset = 8;
    EntryFields& entry = builder.Add("b", DataType::kFloat32, {2}, "12345678");
    entry.offset = offset;
    entry.shard = shard;
    builder.Add("empty", DataType::kFloat32, {0}, "").offset = 10;
    return StatusOf(builder.Index()).message();
  };
  EXPECT_EQ(refusal(0, 0), "");
  EXPECT_EQ(refusal(16, 0), "");
  EXPECT_EQ(refusal(8, 1), "");
  EXPECT_EQ(refusal(8, 0),
            "bad index (tensors 'a' and 'b' share bytes 8..16 of shard 0, and each has its own): x.index");
  EXPECT_EQ(refusal(15, 0),
            "bad index (tensors 'a' and 'b' share bytes 15..16 of shard 0, and each has its own): x.index");
  EXPECT_EQ(refusal(1, 0),
            "bad index (tensors 'b' and 'a' share bytes 8..9 of shard 0, and each has its own): x.index");
}

TEST(IndexTest, RefusesSlicesThatShareBytes) {
  EXPECT_EQ(SliceRefusal([](auto&, auto&, auto& first) { first.offset = 8; }),
            "bad index (slices of tensor 'w' share bytes 8..16 of shard 0, and each has its own): x.index");
  EXPECT_EQ(SliceRefusal([](auto&, auto& whole, auto&) { whole.slices.push_back(test::SliceMessage({{0, 2}})); }),
            "bad index (slices of tensor 'w' share bytes 0..8 of shard 0, and each has its own): x.index");
}

TEST(IndexTest, RefusesKeysThatAreNotUtf8) {
  BundleBuilder builder;
  builder.Add("bad\xfe", DataType::kFloat32, {2}, "12345678");
  EXPECT_EQ(StatusOf(builder.Index()).message(),
            "bad index entry (a key that is not UTF-8): tensor 'bad\\xfe' in x.index");
}

TEST(IndexTest, UnknownFieldsDoNotMatter) {
  EXPECT_EQ(Refusal([](auto& entry) { entry.extra = BytesField(50, "new"); }), "");
}

TEST(IndexTest, RefusesAMissingHeader) {
  const Status status = StatusOf(BuildTable({{"w", ""}}));
  EXPECT_EQ(status.code(), StatusCode::kCheckpointMalformed);
  EXPECT_EQ(status.message(), "bad index header (missing): x.index");
  EXPECT_EQ(StatusOf(BuildTable({})).message(), "bad index header (missing): x.index");
}

TEST(IndexTest, RefusesAMalformedHeader) {
  EXPECT_EQ(RefusalOfHeader("\x08"), "bad index header (malformed): x.index");
}

TEST(IndexTest, RefusesAbsurdNumbersOfShards) {
  EXPECT_EQ(RefusalOfHeader(VarintField(1, 0)), "bad index header (0 shards): x.index");
  EXPECT_EQ(RefusalOfHeader(""), "bad index header (0 shards): x.index");
  EXPECT_EQ(RefusalOfHeader(VarintField(1, -1)), "bad index header (-1 shards): x.index");
  EXPECT_EQ(RefusalOfHeader(VarintField(1, 100001)), "bad index header (100001 shards): x.index");
  EXPECT_EQ(RefusalOfHeader(VarintField(1, std::int64_t{1} << 31)), "bad index header (2147483648 shards): x.index");
  EXPECT_EQ(RefusalOfHeader(VarintField(1, 100000)), "");
}

TEST(IndexTest, RefusesAnUnknownEndianness) {
  EXPECT_EQ(RefusalOfHeader(VarintField(1, 1) + VarintField(2, 2)), "bad index header (endianness 2): x.index");
}

TEST(IndexTest, RefusesVersionsFromTheFuture) {
  const auto with_versions = [](const std::string& versions) { return VarintField(1, 1) + BytesField(3, versions); };
  BundleBuilder builder;
  builder.set_header(with_versions(VarintField(2, 2)));
  EXPECT_EQ(StatusOf(builder.Index()).code(), StatusCode::kCheckpointUnsupported);
  EXPECT_EQ(RefusalOfHeader(with_versions(VarintField(2, 2))),
            "bad index header (made for readers of version 2, this one knows version 1): x.index");
  EXPECT_EQ(RefusalOfHeader(with_versions(BytesField(3, "\x01"))),
            "bad index header (made for readers of version 2, this one knows version 1): x.index");
  EXPECT_EQ(RefusalOfHeader(with_versions(VarintField(1, 9) + VarintField(2, 1))), "");
}

TEST(IndexTest, RefusesAMalformedEntry) {
  EXPECT_EQ(Refusal([](auto& entry) { entry.extra = "\x08"; }), "bad index entry (malformed): tensor 'w' in x.index");
  EXPECT_EQ(Refusal([](auto& entry) { entry.extra = "\x20" + std::string(10, '\x80') + "\x01"; }),
            "bad index entry (malformed): tensor 'w' in x.index");
}

TEST(IndexTest, RefusesUnknownDtypes) {
  BundleBuilder builder;
  builder.Add("w", DataType::kFloat32, {2}, "12345678").dtype = 99;
  EXPECT_EQ(StatusOf(builder.Index()).code(), StatusCode::kCheckpointUnsupported);
  EXPECT_EQ(StatusOf(builder.Index()).message(), "bad index entry (unknown dtype 99): tensor 'w' in x.index");
  EXPECT_EQ(Refusal([](auto& entry) { entry.dtype = 0; }), "bad index entry (unknown dtype 0): tensor 'w' in x.index");
  // A reference type: such a tensor is never stored.
  EXPECT_EQ(Refusal([](auto& entry) { entry.dtype = 101; }),
            "bad index entry (unknown dtype 101): tensor 'w' in x.index");
}

TEST(IndexTest, RefusesBadShapes) {
  EXPECT_EQ(Refusal([](auto& entry) { entry.shape = {2, -1}; }),
            "bad index entry (dimension of -1): tensor 'w' in x.index");
  EXPECT_EQ(Refusal([](auto& entry) { entry.shape = {std::int64_t{1} << 32, std::int64_t{1} << 32}; }),
            "bad index entry (too many elements): tensor 'w' in x.index");
  // The elements can be counted, their bytes cannot.
  EXPECT_EQ(Refusal([](auto& entry) { entry.shape = {std::int64_t{1} << 62}; }),
            "bad index entry (too many elements): tensor 'w' in x.index");
  EXPECT_EQ(Refusal([](auto& entry) { entry.extra = BytesField(2, VarintField(3, 1)); }),
            "bad index entry (unknown rank): tensor 'w' in x.index");
  EXPECT_EQ(Refusal([](auto& entry) { entry.shape.assign(255, 1); }),
            "bad index entry (more than 254 dimensions): tensor 'w' in x.index");
}

// A Snappy stream that holds `groups` times 128 entries in about 60 bytes each: all but the first entry of a group are
// a copy of the group before.
std::string IndexOfCopies(int groups) {
  const std::string value = VarintField(1, static_cast<int>(DataType::kString));
  std::string rest_of_group;
  for (int i = 1; i < 128; ++i) rest_of_group += BlockEntry(3, std::string(1, static_cast<char>(i)), value);
  std::string stream;
  std::size_t unfolded = 0;
  const auto literal = [&](std::string_view bytes) {
    stream += test::SnappyElements(bytes);
    unfolded += bytes.size();
  };
  literal(BlockEntry(0, "", VarintField(1, 1)));
  for (int group = 0; group < groups; ++group) {
    // Seven bits a byte, so that the keys are ASCII.
    const auto number = static_cast<std::uint64_t>(group / 128 * 256 + group % 128);
    const std::string first =
        BlockEntry(group == 0 ? 0 : 1, (group == 0 ? "k" : "") + Fixed(number, 2, true) + '\0', value);
    literal(first);
    if (group == 0) {
      literal(rest_of_group);
      continue;
    }
    // Back over this group's first entry and the whole of what is to be copied.
    const std::size_t offset = first.size() + rest_of_group.size();
    for (std::size_t left = rest_of_group.size(); left > 0;) {
      const std::size_t length = std::min<std::size_t>(left, 64);
      stream += static_cast<char>(((length - 1) << 2) | 2);
      stream += Fixed(offset, 2);
      left -= length;
    }
    unfolded += rest_of_group.size();
  }
  literal(Fixed(0, 4) + Fixed(1, 4));
  return TableOfBlock(WithTrailer(Varint(unfolded) + stream, 1));
}

TEST(IndexTest, RefusesMoreEntriesThanAFileOfItsSizeCanHold) {
  const auto few = ReadBundleIndex(Source(IndexOfCopies(10)), "x.index");
  ASSERT_TRUE(few.ok()) << few.status().message();
  EXPECT_EQ(few.value().entries.size(), 1280u);
  const Status status = StatusOf(IndexOfCopies(1000));
  EXPECT_EQ(status.code(), StatusCode::kCheckpointMalformed);
  EXPECT_TRUE(status.message().starts_with("bad index entry (more entries than a file of its size can hold): tensor"))
      << status.message();
}

TEST(IndexTest, RefusesASizeThatDoesNotFitTheShape) {
  EXPECT_EQ(Refusal([](auto& entry) { entry.size = 7; }),
            "bad index entry (size of 7 bytes, shape and dtype need 8): tensor 'w' in x.index");
  EXPECT_EQ(Refusal([](auto& entry) { entry.size = 0; }),
            "bad index entry (size of 0 bytes, shape and dtype need 8): tensor 'w' in x.index");
}

TEST(IndexTest, RefusesShardsOutOfRange) {
  EXPECT_EQ(Refusal([](auto& entry) { entry.shard = 1; }), "bad index entry (shard 1 of 1): tensor 'w' in x.index");
  EXPECT_EQ(Refusal([](auto& entry) { entry.shard = -1; }), "bad index entry (shard -1 of 1): tensor 'w' in x.index");
}

TEST(IndexTest, RefusesOverflowingOffsetsAndSizes) {
  const std::string message = "bad index entry (offset or size too large): tensor 'w' in x.index";
  constexpr std::int64_t kLimit = std::int64_t{1} << 53;
  EXPECT_EQ(Refusal([](auto& entry) { entry.offset = kLimit; }), message);
  EXPECT_EQ(Refusal([](auto& entry) { entry.offset = kLimit - 8; }), message);
  EXPECT_EQ(Refusal([](auto& entry) { entry.offset = kLimit - 9; }), "");
  EXPECT_EQ(Refusal([](auto& entry) { entry.offset = INT64_MAX; }), message);
  EXPECT_EQ(Refusal([](auto& entry) {
              entry.dtype = static_cast<std::int64_t>(DataType::kString);
              entry.size = INT64_MAX;
            }),
            message);
  EXPECT_EQ(Refusal([](auto& entry) { entry.offset = -1; }),
            "bad index entry (negative offset or size): tensor 'w' in x.index");
  EXPECT_EQ(Refusal([](auto& entry) { entry.size = -8; }),
            "bad index entry (negative offset or size): tensor 'w' in x.index");
}

TEST(IndexTest, EveryTruncationAndEveryDamagedByteGivesAStatus) {
  BundleBuilder builder;
  builder.Add("a", DataType::kFloat32, {2}, "12345678");
  builder.Add("ab", DataType::kInt8, {3}, "123");
  builder.AddStrings("c", {2}, {"x", "yz"});
  const std::string index = builder.Index();
  ASSERT_TRUE(StatusOf(index).ok());
  for (std::size_t size = 0; size < index.size(); ++size) {
    // A copy of its own, so that the sanitizer sees a read past the end.
    const std::string truncated(index.data(), size);
    EXPECT_FALSE(StatusOf(truncated).ok()) << "cut to " << size << " bytes";
    EXPECT_FALSE(StatusOf(truncated + index.substr(index.size() - 48)).ok() && size + 48 < index.size())
        << "cut to " << size << " bytes before the footer";
  }
  for (std::size_t i = 0; i + 48 < index.size(); ++i) {
    std::string damaged = index;
    damaged[i] ^= 0x55;
    // The builder writes no metaindex block, so everything before the footer is under a checksum that is read.
    EXPECT_FALSE(StatusOf(damaged).ok()) << "byte " << i;
  }
  for (std::size_t i = index.size() - 48; i < index.size(); ++i) {
    std::string damaged = index;
    damaged[i] ^= 0x55;
    static_cast<void>(StatusOf(damaged));  // padding may change; nothing may crash
  }
}

}  // namespace
}  // namespace permafrost
