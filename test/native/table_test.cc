#include "table/table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "source.h"
#include "table/format.h"
#include "table_builder.h"
#include "wire.h"

namespace permafrost {
namespace {

using test::BlockEntry;
using test::BuildBlock;
using test::BuildTable;
using test::Fixed32;
using test::Record;
using test::Source;
using test::TableOfBlock;
using test::Varint;
using test::WithTrailer;

// "key=value;" for every entry unless they are not wanted, then the message of a failure.
std::string Walk(const std::string& file, bool with_entries = true) {
  std::string walked;
  const Status status =
      ForEachInTable(Source(file), "x.index", {}, [&](std::string_view key, const TableValue& value) -> Status {
        if (with_entries) walked += std::string(key) + "=" + test::ReadAll(value.source()) + ";";
        return {};
      });
  return walked + status.message();
}

StatusCode CodeOf(const std::string& file) {
  return ForEachInTable(Source(file), "x.index", {}, [](auto, const auto&) { return Status(); }).code();
}

// A table whose one data block is `entries` with the given restart array.
std::string TableOfEntries(const std::string& entries, const std::string& restarts) {
  return TableOfBlock(WithTrailer(entries + restarts));
}

std::string OneRestart() { return Fixed32(0) + Fixed32(1); }

TEST(TableTest, ReadsATableWrittenOutByHand) {
  const std::string file(
      // data block: "ab" -> "1"; "abc" -> "2" shares two bytes; one restart at 0
      "\x00\x02\x01"
      "ab"
      "1"
      "\x02\x01\x01"
      "c"
      "2"
      "\x00\x00\x00\x00"
      "\x01\x00\x00\x00"
      // not compressed; masked CRC-32C
      "\x00"
      "CCCC"
      // index block: "abc" -> offset 0, size 19
      "\x00\x03\x02"
      "abc"
      "\x00\x13"
      "\x00\x00\x00\x00"
      "\x01\x00\x00\x00"
      "\x00"
      "DDDD"
      // footer: metaindex (0, 0), index (offset 24, size 16), padding to 40, magic
      "\x00\x00\x18\x10"
      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
      "\x57\xfb\x80\x8b\x24\x75\x47\xdb",
      19 + 5 + 16 + 5 + 48);
  std::string right = file;
  right.replace(20, 4, "\xbb\x6f\x69\xa8", 4);
  right.replace(41, 4, "\xff\x5a\x8d\x5d", 4);
  EXPECT_EQ(Walk(right), "ab=1;abc=2;");
}

TEST(TableTest, WalksWhatAMapHolds) {
  std::mt19937 random(11);
  for (int round = 0; round < 40; ++round) {
    std::map<std::string, std::string> model;
    for (std::size_t i = random() % 300; i > 0; --i) {
      std::string key;
      for (std::size_t j = random() % 12; j > 0; --j) key += static_cast<char>("ab\0\xff"[random() % 4]);
      model[key] = std::string(random() % 50, static_cast<char>(random()));
    }
    std::vector<Record> records;
    std::string expected;
    for (const auto& [key, value] : model) {
      records.push_back({key, value});
      expected += key + "=" + value + ";";
    }
    const test::TableOptions options{1 + random() % 40, 1 + random() % 20, random() % 2 == 0};
    EXPECT_EQ(Walk(BuildTable(records, options)), expected) << "round " << round;
  }
}

// Up to a mebibyte they are held in memory; larger ones are read again from the file.
TEST(TableTest, BlocksAroundTheLargestThatIsHeldAreFine) {
  constexpr std::size_t kHeld = std::size_t{1} << 20;
  const std::size_t around = BlockEntry(0, "a", std::string(kHeld / 2, 'x')).size() - kHeld / 2 + OneRestart().size();
  for (const std::size_t size : {kHeld - 1, kHeld, kHeld + 1}) {
    const std::string value(size - around, 'x');
    EXPECT_TRUE(Walk(TableOfEntries(BlockEntry(0, "a", value), OneRestart())) == "a=" + value + ";") << size;
  }
}

TEST(TableTest, AnEmptyTableIsFine) { EXPECT_EQ(Walk(BuildTable({})), ""); }

TEST(TableTest, AFailureOfTheVisitorEndsTheWalk) {
  int calls = 0;
  const Status status =
      ForEachInTable(Source(BuildTable({{"a", ""}, {"b", ""}})), "x.index", {}, [&](auto, const auto&) -> Status {
        ++calls;
        return {StatusCode::kAborted, "enough"};
      });
  EXPECT_EQ(status.message(), "enough");
  EXPECT_EQ(calls, 1);
}

TEST(TableTest, RefusesAFileShorterThanTheFooter) {
  EXPECT_EQ(Walk(""), "not a tensor bundle index (shorter than a table footer): x.index");
  EXPECT_EQ(Walk(std::string(47, 'x')), "not a tensor bundle index (shorter than a table footer): x.index");
}

TEST(TableTest, RefusesABadMagic) {
  std::string file = BuildTable({{"a", "1"}});
  file.back() = 'x';
  EXPECT_EQ(Walk(file), "not a tensor bundle index (bad table magic): x.index");
  EXPECT_EQ(CodeOf(file), StatusCode::kCheckpointMalformed);
}

TEST(TableTest, RefusesABlockHandlePastTheEnd) {
  const std::string block = WithTrailer(BuildBlock({}));
  EXPECT_EQ(Walk(block + test::Footer(0, 1000)),
            "index block outside of the file (offset 0, size 1000, file of 61 bytes): x.index");
  EXPECT_EQ(Walk(block + test::Footer(62, 0)),
            "index block outside of the file (offset 62, size 0, file of 61 bytes): x.index");
  // The block would fit, its trailer would not.
  EXPECT_EQ(Walk(block + test::Footer(0, 57)),
            "index block outside of the file (offset 0, size 57, file of 61 bytes): x.index");
}

TEST(TableTest, RefusesBlockHandlesWhoseSumOverflows) {
  const std::string block = WithTrailer(BuildBlock({}));
  const std::uint64_t huge = ~std::uint64_t{0};
  EXPECT_EQ(CodeOf(block + test::Footer(huge, 8)), StatusCode::kCheckpointMalformed);
  EXPECT_EQ(CodeOf(block + test::Footer(8, huge - 4)), StatusCode::kCheckpointMalformed);
  EXPECT_EQ(Walk(block + test::Footer(1, huge)),
            "index block outside of the file (offset 1, size 18446744073709551615, file of 61 bytes): x.index");
}

TEST(TableTest, RefusesAnAbsurdVarintInTheFooter) {
  std::string file = BuildTable({{"a", "1"}});
  file.replace(file.size() - 48, 11, std::string(10, '\x80') + "\x01");
  EXPECT_EQ(Walk(file), "not a tensor bundle index (bad block handle in the footer): x.index");
}

TEST(TableTest, RefusesABadBlockChecksum) {
  std::string file = TableOfBlock(WithTrailer(BuildBlock({{"a", "1"}})));
  file[3] = 'b';
  EXPECT_EQ(CodeOf(file), StatusCode::kChecksumMismatch);
  EXPECT_EQ(Walk(file), "checksum mismatch (stored 4843cd3e, computed f43da38c): index block, bytes 0..13 of x.index");
}

TEST(TableTest, RefusesAnUnknownCompression) {
  const std::string file = TableOfBlock(WithTrailer(BuildBlock({{"a", "1"}}), 2));
  EXPECT_EQ(Walk(file), "unknown block compression (type 2): index block, bytes 0..13 of x.index");
  EXPECT_EQ(CodeOf(file), StatusCode::kCheckpointUnsupported);
}

TEST(TableTest, RefusesASnappyBombInABlock) {
  const std::string file =
      TableOfBlock(WithTrailer("\xff\xff\xff\xff\x0f\x08"
                               "abc",
                               1));
  EXPECT_EQ(Walk(file), "bad index block (malformed snappy data): bytes 0..9 of x.index");
}

TEST(TableTest, RefusesARestartArrayPastTheEnd) {
  const std::string message = "bad index block (restart array outside of the block): x.index";
  const std::string entry = BlockEntry(0, "a", "1");
  EXPECT_EQ(Walk(TableOfEntries(entry, Fixed32(0) + Fixed32(100))), message);
  EXPECT_EQ(Walk(TableOfEntries(entry, Fixed32(0) + Fixed32(0xffffffff))), message);
  EXPECT_EQ(Walk(TableOfEntries(entry, Fixed32(0))), message);
  // No more than the block has bytes, but each takes four.
  for (std::uint32_t count = 3; count <= 9; ++count) {
    EXPECT_EQ(Walk(TableOfEntries(entry, Fixed32(0) + Fixed32(count))), message) << count;
  }
  EXPECT_EQ(Walk(TableOfBlock(WithTrailer("abc"))), message);
}

TEST(TableTest, RefusesRestartPointsThatAreNotEntries) {
  const std::string entries = BlockEntry(0, "a", "1") + BlockEntry(1, "b", "2");
  const std::string message = "bad index block (bad restart point): x.index";
  EXPECT_EQ(Walk(TableOfEntries(entries, Fixed32(5) + Fixed32(1))), message);
  EXPECT_EQ(Walk(TableOfEntries(entries, Fixed32(0) + Fixed32(3) + Fixed32(2))), "a=1;ab=2;" + message);
  // At an entry whose key is not whole.
  EXPECT_EQ(Walk(TableOfEntries(entries, Fixed32(0) + Fixed32(5) + Fixed32(2))), "a=1;" + message);
}

TEST(TableTest, RefusesAKeyThatSharesMoreThanThereIs) {
  EXPECT_EQ(Walk(TableOfEntries(BlockEntry(0, "ab", "1") + BlockEntry(3, "c", "2"), OneRestart())),
            "ab=1;bad index block (key shares more than the key before it has): x.index");
  EXPECT_EQ(Walk(TableOfEntries(BlockEntry(1, "ab", "1"), OneRestart())),
            "bad index block (key shares more than the key before it has): x.index");
}

TEST(TableTest, RefusesAKeyThatIsAbsurdlyLong) {
  EXPECT_EQ(Walk(TableOfEntries(BlockEntry(0, std::string(65536, 'k'), ""), OneRestart()), false), "");
  EXPECT_EQ(Walk(TableOfEntries(BlockEntry(0, std::string(65537, 'k'), ""), OneRestart()), false),
            "bad index block (key longer than 65536 bytes): x.index");
  EXPECT_EQ(Walk(TableOfEntries(BlockEntry(0, std::string(65536, 'k'), "") + BlockEntry(65536, "k", ""), OneRestart()),
                 false),
            "bad index block (key longer than 65536 bytes): x.index");
}

TEST(TableTest, RefusesKeysThatUnfoldToFarMoreThanTheFile) {
  // Each entry is ten bytes that stand for a key of 32 KiB.
  std::string entries = BlockEntry(0, std::string(32768, 'k'), "");
  for (int i = 0; i < 2000; ++i) entries += BlockEntry(32768, test::Fixed(static_cast<std::uint64_t>(i), 4, true), "");
  const std::string file = TableOfEntries(entries, OneRestart());
  EXPECT_EQ(CodeOf(file), StatusCode::kCheckpointMalformed);
  EXPECT_EQ(Walk(file, false), "bad index block (keys unfold to more than a file of its size can hold): x.index");
}

TEST(TableTest, LongKeysThatHardlyDifferAreFine) {
  std::vector<Record> records;
  for (int i = 0; i < 20000; ++i)
    records.push_back({std::string(500, 'k') + test::Fixed(static_cast<std::uint64_t>(i), 4, true), "value"});
  EXPECT_EQ(Walk(BuildTable(records), false), "");
}

TEST(TableTest, TheLimitOfUnfoldingStaysBelow32Bits) {
  EXPECT_EQ(UnfoldingLimit(0), 1048576u);
  EXPECT_EQ(UnfoldingLimit(1000), 1048576u + 16000u);
  EXPECT_EQ(UnfoldingLimit(std::size_t{1} << 28), 0xffffffffu);
  EXPECT_EQ(UnfoldingLimit(~std::size_t{0}), 0xffffffffu);
}

TEST(TableTest, RefusesBlocksThatOverlap) {
  // An empty block could otherwise be read any number of times.
  const std::string block = WithTrailer(BuildBlock({}));
  const std::string handle = Varint(0) + Varint(block.size() - 5);
  const std::string index = BuildBlock({{"a", handle}, {"b", handle}}, 1);
  EXPECT_EQ(Walk(block + WithTrailer(index) + test::Footer(block.size(), index.size())),
            "bad table (blocks overlap): x.index");
}

TEST(TableTest, RefusesEntriesPastTheEndOfTheBlock) {
  const std::string message = "bad index block (entry past its end): x.index";
  EXPECT_EQ(Walk(TableOfEntries(Varint(0) + Varint(50) + Varint(1) + "a", OneRestart())), message);
  EXPECT_EQ(Walk(TableOfEntries(Varint(0) + Varint(1) + Varint(0xffffffff) + "a", OneRestart())), message);
  EXPECT_EQ(Walk(TableOfEntries(Varint(0) + Varint(1), OneRestart())), message);
  // By one byte, which would be that of a restart point.
  EXPECT_EQ(Walk(TableOfEntries(Varint(0) + Varint(1) + Varint(1) + "a", OneRestart())), message);
  EXPECT_EQ(Walk(TableOfEntries(Varint(0) + std::string(10, '\x80') + "\x01", OneRestart())), message);
  EXPECT_EQ(Walk(TableOfEntries(Varint(0) + Varint(std::uint64_t{1} << 32) + Varint(1) + "a", OneRestart())), message);
}

TEST(TableTest, RefusesABadHandleInTheIndexBlock) {
  const std::string index = BuildBlock({{"a", "\x80"}}, 1);
  EXPECT_EQ(Walk(WithTrailer(index) + test::Footer(0, index.size())), "bad table (bad block handle): x.index");
}

TEST(TableTest, RefusesKeysOutOfOrder) {
  EXPECT_EQ(Walk(BuildTable({{"b", "1"}, {"a", "2"}})), "b=1;bad table (key 'a' out of order): x.index");
  EXPECT_EQ(Walk(BuildTable({{"a", "1"}, {"a", "2"}})), "a=1;bad table (key 'a' out of order): x.index");
  EXPECT_EQ(Walk(BuildTable({{"", "1"}, {"", "2"}})), "=1;bad table (key '' out of order): x.index");
  // In another block.
  EXPECT_EQ(Walk(BuildTable({{"b", "1"}, {"a", "2"}}, {1, 16, false})),
            "b=1;bad table (key 'a' out of order): x.index");
}

TEST(TableTest, SortsKeysAsUnsignedBytes) {
  EXPECT_EQ(Walk(BuildTable({{"a", "1"}, {"\xc3\xa9", "2"}})), "a=1;\xc3\xa9=2;");
}

TEST(TableTest, ASeparatorMayBePastTheLastKeyButNotBeforeIt) {
  const std::string block = WithTrailer(BuildBlock({{"b", "1"}}));
  EXPECT_EQ(Walk(TableOfBlock(block, "c")), "b=1;");
  EXPECT_EQ(Walk(TableOfBlock(block, "a")), "b=1;bad table (block past its separator): x.index");
}

}  // namespace
}  // namespace permafrost
