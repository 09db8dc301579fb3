#include "bundle/bundle_proto.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "wire.h"

namespace permafrost {
namespace {

using test::Bytes;
using test::BytesField;
using test::Fixed32Field;
using test::VarintField;

constexpr std::uint64_t kBudget = 1000;

TEST(BundleProtoTest, ReadsTheHeaderThatTensorFlowWrites) {
  const auto header = ParseBundleHeader(Bytes(std::string("\x08\x01\x1a\x02\x08\x01", 6)));
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->num_shards, 1);
  EXPECT_EQ(header->endianness, 0);
  EXPECT_EQ(header->versions.min_consumer, 0);
}

TEST(BundleProtoTest, ReadsVersions) {
  // bad_consumers both packed and one by one.
  const std::string versions = VarintField(1, 5) + VarintField(2, 3) + BytesField(3, "\x01\x02") + VarintField(3, 4);
  const auto header = ParseBundleHeader(Bytes(VarintField(2, 1) + BytesField(3, versions)));
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->endianness, 1);
  EXPECT_EQ(header->versions.min_consumer, 3);
  EXPECT_EQ(header->versions.bad_consumers, (std::vector<std::int64_t>{1, 2, 4}));
}

TEST(BundleProtoTest, ReadsAnEntryWrittenOutByHand) {
  // dtype 1; shape {dim {size 3} dim {size 2}}; shard 1; offset 300; size 24; crc32c; slice {extent {length 2} extent
  // {}}.
  const std::string bytes(
      "\x08\x01\x12\x08\x12\x02\x08\x03\x12\x02\x08\x02\x18\x01\x20\xac\x02\x28\x18"
      "\x35\x04\x03\x02\x01\x3a\x06\x0a\x02\x10\x02\x0a\x00",
      32);
  const auto entry = ParseBundleEntry(Bytes(bytes), kBudget);
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->dtype, DataType::kFloat32);
  EXPECT_EQ(entry->shape.sizes, (std::vector<std::int64_t>{3, 2}));
  EXPECT_EQ(entry->shard, 1);
  EXPECT_EQ(entry->offset, 300);
  EXPECT_EQ(entry->size, 24);
  EXPECT_EQ(entry->crc32c, 0x01020304u);
  EXPECT_EQ(entry->slices, (std::vector<std::vector<Extent>>{{{0, 2}, {0, -1}}}));
}

TEST(BundleProtoTest, ADimensionOfZeroIsStillADimension) {
  const auto entry = ParseBundleEntry(Bytes(BytesField(2, BytesField(2, ""))), kBudget);
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->shape.sizes, (std::vector<std::int64_t>{0}));
}

TEST(BundleProtoTest, KeepsOneDimensionTooManyButNoMore) {
  std::string shape;
  for (int i = 0; i < 10000; ++i) shape += BytesField(2, "");
  const auto entry = ParseBundleEntry(Bytes(BytesField(2, shape)), kBudget);
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->shape.sizes.size(), kMostDimensions + 1);
}

TEST(BundleProtoTest, RefusesAbsurdlyManyBadConsumers) {
  const auto parse = [](std::size_t count) {
    return ParseBundleHeader(Bytes(BytesField(3, BytesField(3, std::string(count, '\x07')))));
  };
  EXPECT_TRUE(parse(1000).has_value());
  EXPECT_FALSE(parse(1001).has_value());
}

TEST(BundleProtoTest, SkipsUnknownFields) {
  const std::string unknown = VarintField(99, 5) + BytesField(100, "abc") + Fixed32Field(101, 7) +
                              std::string(
                                  "\xb1\x06"
                                  "12345678",
                                  10);
  const auto entry = ParseBundleEntry(Bytes(unknown + VarintField(5, 24) + unknown), kBudget);
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->size, 24);
}

TEST(BundleProtoTest, RefusesMalformedMessages) {
  for (const std::string& bytes : {
           std::string("\x08"),  // no value
           std::string("\x12\x05"
                       "ab"),                                            // length past the end
           std::string("\x00\x01", 2),                                   // field number 0
           std::string("\x0b\x0c"),                                      // a group
           std::string("\x35\x01\x02"),                                  // half a fixed32
           "\x08" + std::string(10, '\x80') + "\x01",                    // an 11-byte varint
           std::string("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),  // length of 2^64 - 1
           std::string("\x0e\x01"),                                      // wire type 6
       }) {
    EXPECT_FALSE(ParseBundleEntry(Bytes(bytes), kBudget).has_value()) << ::testing::PrintToString(bytes);
    EXPECT_FALSE(ParseBundleHeader(Bytes(bytes)).has_value()) << ::testing::PrintToString(bytes);
  }
  // Malformed one message further down.
  EXPECT_FALSE(ParseBundleEntry(Bytes(BytesField(2, "\x12\x05")), kBudget).has_value());
  EXPECT_FALSE(ParseBundleEntry(Bytes(BytesField(2, BytesField(2, "\x08"))), kBudget).has_value());
  EXPECT_FALSE(ParseBundleHeader(Bytes(BytesField(3, "\x08"))).has_value());
}

TEST(BundleProtoTest, CutsOffSlicesBehindTheBudget) {
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += BytesField(7, BytesField(1, ""));
  const auto entry = ParseBundleEntry(Bytes(bytes), kBudget);
  ASSERT_TRUE(entry.has_value());
  // The last one uses up what is left, or more.
  const std::uint64_t cost = sizeof(std::vector<Extent>) + sizeof(Extent);
  EXPECT_EQ(entry->slices.size(), (kBudget + cost - 1) / cost);
  // A tensor without slices is another one.
  EXPECT_EQ(ParseBundleEntry(Bytes(bytes), 0)->slices.size(), 1u);
}

}  // namespace
}  // namespace permafrost
