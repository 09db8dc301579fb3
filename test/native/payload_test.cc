#include "plan/payload.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "bundle_builder.h"
#include "crc32c/crc32c.h"
#include "temporary_folder.h"
#include "wire.h"

namespace permafrost {
namespace {

using test::BundleBuilder;
using test::EntryFields;
using test::TemporaryFolder;
using test::Varint;

// Everything that a test needs of one bundle on the disk.
class Bundle {
 public:
  explicit Bundle(const BundleBuilder& builder) {
    builder.Write(prefix());
    auto opened = Checkpoint::OpenBundle(prefix());
    EXPECT_TRUE(opened.ok()) << opened.status().message();
    bundle_ = opened.value();
  }

  std::string prefix() const { return folder_ / "m"; }
  const Checkpoint& bundle() const { return *bundle_; }
  const TensorEntry& entry(std::size_t i = 0) const { return bundle_->entries()[i]; }

  // The payload, or the message; the size foretold must be right.
  std::string Payload(const PayloadForm& form, std::uint32_t i = 0, Region region = {}) const {
    const TensorPart part{i, std::move(region)};
    std::string payload;
    const auto emitted = EmitPayload(*bundle_, part, form, [&](std::span<const std::byte> block) -> Status {
      EXPECT_FALSE(block.empty());
      payload += test::Text(block);
      return {};
    });
    if (!emitted.ok()) return emitted.status().message();
    const auto size = PayloadSize(*bundle_, part, form);
    EXPECT_TRUE(size.ok()) << size.status().message();
    EXPECT_EQ(size.ok() ? size.value() : 0, payload.size());
    return payload;
  }

 private:
  TemporaryFolder folder_;
  std::shared_ptr<const Checkpoint> bundle_;
};

// The payload of a one-dimensional tensor of these bytes.
std::string PayloadOf(DataType dtype, std::string_view stored, const PayloadForm& form, bool big_endian = false) {
  BundleBuilder builder(1, big_endian);
  builder.Add("t", dtype, {static_cast<std::int64_t>(stored.size() / ElementSize(dtype))}, stored);
  return Bundle(builder).Payload(form);
}

std::string VarintsOf(DataType dtype, std::string_view stored, bool big_endian = false) {
  return PayloadOf(dtype, stored, PayloadEncoding::kVarint, big_endian);
}

std::string Negative(std::int64_t value) { return Varint(static_cast<std::uint64_t>(value)); }

TEST(PayloadTest, WhatIsMadeElementByElementIsDivisible) {
  BundleBuilder builder;
  builder.Add("t", DataType::kInt32, {2}, "12345678");
  const Bundle bundle(builder);
  EXPECT_TRUE(IsDivisible(bundle.bundle(), {0, {}}, PayloadEncoding::kRaw));
  EXPECT_FALSE(IsDivisible(bundle.bundle(), {0, {}}, PayloadEncoding::kVarint));
  EXPECT_FALSE(IsDivisible(bundle.bundle(), {0, {{0, 1}}}, PayloadEncoding::kRaw));
  const std::uint32_t crc = crc32c::Value(test::Bytes("12345678"));
  EXPECT_EQ(CheckDivided(bundle.bundle(), {0, {}}, crc).message(), "");
  EXPECT_EQ(CheckDivided(bundle.bundle(), {0, {}}, crc + 1).code(), StatusCode::kChecksumMismatch);
}

TEST(PayloadTest, RawSwapsBigEndianElements) {
  EXPECT_EQ(PayloadOf(DataType::kFloat16, "1234", PayloadEncoding::kRaw, true), "2143");
  EXPECT_EQ(PayloadOf(DataType::kFloat32, "12345678", PayloadEncoding::kRaw, true), "43218765");
  EXPECT_EQ(PayloadOf(DataType::kInt64, "12345678", PayloadEncoding::kRaw, true), "87654321");
  EXPECT_EQ(PayloadOf(DataType::kComplex64, "12345678", PayloadEncoding::kRaw, true), "43218765");
  EXPECT_EQ(PayloadOf(DataType::kComplex128, "123456789abcdefg", PayloadEncoding::kRaw, true), "87654321gfedcba9");
  EXPECT_EQ(PayloadOf(DataType::kUint8, "12345678", PayloadEncoding::kRaw, true), "12345678");
}

TEST(PayloadTest, LargeTensorsComeInBlocks) {
  std::string stored;
  for (int i = 0; i < 300000; ++i) stored += test::Fixed(static_cast<std::uint64_t>(i), 4, true);
  std::string expected;
  for (int i = 0; i < 300000; ++i) expected += test::Fixed32(static_cast<std::uint32_t>(i));
  EXPECT_TRUE(PayloadOf(DataType::kInt32, stored, PayloadEncoding::kRaw, true) == expected);
  EXPECT_TRUE(PayloadOf(DataType::kInt32, expected, PayloadEncoding::kRaw) == expected);
  std::string varints;
  for (std::uint64_t i = 0; i < 300000; ++i) varints += Varint(i);
  EXPECT_TRUE(VarintsOf(DataType::kInt32, expected) == varints);
  EXPECT_TRUE(VarintsOf(DataType::kInt32, stored, true) == varints);
}

TEST(PayloadTest, BoolsAreNormalised) {
  EXPECT_EQ(PayloadOf(DataType::kBool, std::string("\0\1\2\xff", 4), PayloadEncoding::kBool),
            std::string("\0\1\1\1", 4));
}

TEST(PayloadTest, SignedIntegersAreExtendedTo64Bits) {
  const std::string minus_one("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
  EXPECT_EQ(VarintsOf(DataType::kInt8, "\xff\x7f"), minus_one + "\x7f");
  EXPECT_EQ(VarintsOf(DataType::kInt16, "\xff\xff\x2c\x01"), minus_one + "\xac\x02");
  EXPECT_EQ(VarintsOf(DataType::kInt32, std::string("\xff\xff\xff\xff\x2c\x01\0\0", 8)), minus_one + "\xac\x02");
  EXPECT_EQ(VarintsOf(DataType::kInt64, "\xff\xff\xff\xff\xff\xff\xff\xff"), minus_one);
  EXPECT_EQ(VarintsOf(DataType::kQint8, "\x80"), Negative(-128));
  EXPECT_EQ(VarintsOf(DataType::kQint16, std::string("\0\x80", 2)), Negative(-32768));
  EXPECT_EQ(VarintsOf(DataType::kQint32, std::string("\0\0\0\x80", 4)), Negative(INT32_MIN));
}

TEST(PayloadTest, UnsignedIntegersAreNot) {
  EXPECT_EQ(VarintsOf(DataType::kUint8, "\xff\x01"), "\xff\x01\x01");
  EXPECT_EQ(VarintsOf(DataType::kQuint8, "\xff"), "\xff\x01");
  EXPECT_EQ(VarintsOf(DataType::kUint16, "\xff\xff"), "\xff\xff\x03");
  EXPECT_EQ(VarintsOf(DataType::kQuint16, "\xff\xff"), "\xff\xff\x03");
  EXPECT_EQ(VarintsOf(DataType::kUint32, "\xff\xff\xff\xff"), "\xff\xff\xff\xff\x0f");
  EXPECT_EQ(VarintsOf(DataType::kUint64, std::string("\0\0\0\0\0\0\0\x80", 8)),
            "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01");
}

TEST(PayloadTest, SmallFloatsGiveTheirBits) {
  // 1 and -2 as half: 0x3c00, 0xc000; as bfloat16: 0x3f80, 0xc000.
  EXPECT_EQ(VarintsOf(DataType::kFloat16, std::string("\0\x3c\0\xc0", 4)), "\x80\x78\x80\x80\x03");
  EXPECT_EQ(VarintsOf(DataType::kBfloat16, std::string("\x80\x3f\0\xc0", 4)), "\x80\x7f\x80\x80\x03");
  EXPECT_EQ(VarintsOf(DataType::kFloat16, std::string("\x3c\0\xc0\0", 4), true), "\x80\x78\x80\x80\x03");
  EXPECT_EQ(VarintsOf(DataType::kFloat8E4m3fn, "\xb8"), "\xb8\x01");
  EXPECT_EQ(VarintsOf(DataType::kFloat4E2m1fn, "\x0f"), "\x0f");
}

TEST(PayloadTest, IntegersBelowAByteGiveTheirValue) {
  EXPECT_EQ(VarintsOf(DataType::kInt4, "\xff\x07\xf8"), Negative(-1) + "\x07" + Negative(-8));
  // Only the low four bits count.
  EXPECT_EQ(VarintsOf(DataType::kInt4, "\x0f"), Negative(-1));
  EXPECT_EQ(VarintsOf(DataType::kUint4, "\x0f\x01"), "\x0f\x01");
  EXPECT_EQ(VarintsOf(DataType::kInt2, "\xff\xfe\x01"), Negative(-1) + Negative(-2) + "\x01");
  EXPECT_EQ(VarintsOf(DataType::kUint2, "\x03"), "\x03");
}

TEST(PayloadTest, StringsAreFieldsOfTheirOwn) {
  for (const bool big_endian : {false, true}) {
    BundleBuilder builder(1, big_endian);
    builder.AddStrings("t", {2, 2}, {"", "abc", std::string(200, 'x'), std::string("\0", 1)});
    EXPECT_EQ(Bundle(builder).Payload(PayloadEncoding::kStrings), std::string("\x42\0", 2) +
                                                                      "\x42\x03"
                                                                      "abc"
                                                                      "\x42\xc8\x01" +
                                                                      std::string(200, 'x') +
                                                                      std::string("\x42\x01\0", 3));
  }
}

TEST(PayloadTest, ManyAndLargeStringsComeInBlocks) {
  std::vector<std::string> elements(400000);
  elements[7] = std::string(1500000, 'y');
  elements[399999] = "end";
  BundleBuilder builder;
  builder.AddStrings("t", {400000}, elements);
  const Bundle bundle(builder);
  std::size_t largest = 0;
  std::string payload;
  const auto emitted = EmitPayload(bundle.bundle(), {0, {}}, PayloadEncoding::kStrings, [&](auto block) -> Status {
    largest = std::max(largest, block.size());
    payload += test::Text(block);
    return {};
  });
  ASSERT_TRUE(emitted.ok()) << emitted.status().message();
  EXPECT_LE(largest, std::size_t{1} << 19);
  std::string expected;
  for (const std::string& element : elements) expected += "\x42" + Varint(element.size()) + element;
  EXPECT_TRUE(payload == expected);
}

TEST(PayloadTest, EmptyTensorsGiveNothing) {
  EXPECT_EQ(PayloadOf(DataType::kFloat32, "", PayloadEncoding::kRaw), "");
  EXPECT_EQ(VarintsOf(DataType::kInt32, ""), "");
  BundleBuilder builder;
  builder.AddStrings("t", {0}, {});
  EXPECT_EQ(Bundle(builder).Payload(PayloadEncoding::kStrings), "");
}

TEST(PayloadTest, DtypeAndEncodingMustGoTogether) {
  BundleBuilder builder;
  builder.Add("f", DataType::kFloat32, {1}, "1234");
  builder.AddStrings("s", {}, {"text"});
  const Bundle bundle(builder);
  EXPECT_EQ(bundle.Payload(PayloadEncoding::kVarint, 0), "no such payload (float32 as varints): tensor 'f'");
  EXPECT_EQ(bundle.Payload(PayloadEncoding::kBool, 0), "no such payload (float32 as bools): tensor 'f'");
  EXPECT_EQ(bundle.Payload(PayloadEncoding::kStrings, 0), "no such payload (float32 as strings): tensor 'f'");
  EXPECT_EQ(bundle.Payload(PayloadEncoding::kRaw, 1), "no such payload (string as raw bytes): tensor 's'");
  EXPECT_EQ(bundle.Payload(PayloadEncoding::kVarint, 1), "no such payload (string as varints): tensor 's'");
  EXPECT_EQ(PayloadSize(bundle.bundle(), {1, {}}, PayloadEncoding::kRaw).status().code(),
            StatusCode::kCheckpointUnsupported);
}

TEST(PayloadTest, AChecksumMismatchNamesTensorBytesAndShard) {
  BundleBuilder builder;
  builder.Add("first", DataType::kInt8, {4}, "wxyz");
  builder.Add("layer1/kernel", DataType::kInt8, {4}, "abcd");
  builder.shard_bytes(0)[6] = 'X';
  const Bundle bundle(builder);
  EXPECT_EQ(bundle.Payload(PayloadEncoding::kRaw, 0), "wxyz");
  EXPECT_EQ(bundle.Payload(PayloadEncoding::kRaw, 1),
            "checksum mismatch (stored 92c80a31, computed 7b757393): tensor 'layer1/kernel', bytes 4..8 of " +
                bundle.prefix() + ".data-00000-of-00001");
  EXPECT_EQ(bundle.Payload(PayloadEncoding::kVarint, 1).substr(0, 17), "checksum mismatch");
  // The size does not depend on the values, and nobody asked for a verdict.
  EXPECT_TRUE(PayloadSize(bundle.bundle(), {1, {}}, PayloadEncoding::kRaw).ok());
}

TEST(PayloadTest, AStringsChecksumCoversItsBytes) {
  BundleBuilder builder;
  builder.AddStrings("s", {1}, {"text"});
  builder.shard_bytes(0).back() = 'X';
  const std::string message = Bundle(builder).Payload(PayloadEncoding::kStrings);
  EXPECT_EQ(message.substr(0, 17), "checksum mismatch") << message;
  EXPECT_NE(message.find("): tensor 's', bytes 0..9 of "), std::string::npos) << message;
}

// A tensor of bytes of this shape, 'a' first, in these slices.
BundleBuilder Sliced(const std::vector<std::int64_t>& shape, const std::vector<std::vector<Extent>>& slices) {
  BundleBuilder builder(2);
  builder.Add("t", DataType::kUint8, shape, "");
  const std::int64_t columns = shape[1];
  std::uint32_t shard = 0;
  for (const auto& slice : slices) {
    std::string data;
    for (std::int64_t i = 0; i < slice[0].length; ++i) {
      for (std::int64_t j = 0; j < slice[1].length; ++j) {
        data += static_cast<char>('a' + (slice[0].start + i) * columns + slice[1].start + j);
      }
    }
    builder.AddSlice("t", slice, data, shard++ % 2);
  }
  return builder;
}

TEST(PayloadTest, SlicesAreBroughtTogetherInAnyOrder) {
  const std::string letters = "abcdefghijklmnop";
  const std::vector<std::vector<std::vector<Extent>>> tilings = {
      {{{0, 4}, {0, 4}}},
      {{{0, 1}, {0, 4}}, {{1, 3}, {0, 4}}},
      {{{3, 1}, {0, 4}}, {{0, 3}, {0, 4}}},
      {{{0, 4}, {0, 1}}, {{0, 4}, {3, 1}}, {{0, 4}, {1, 2}}},
      {{{0, 2}, {0, 2}}, {{0, 2}, {2, 2}}, {{2, 2}, {0, 2}}, {{2, 2}, {2, 2}}},
      {{{0, 2}, {0, 3}}, {{0, 3}, {3, 1}}, {{3, 1}, {1, 3}}, {{2, 2}, {0, 1}}, {{2, 1}, {1, 2}}},
      {{{0, 4}, {0, 4}}, {{2, 0}, {0, 4}}},
  };
  for (const auto& slices : tilings) EXPECT_EQ(Bundle(Sliced({4, 4}, slices)).Payload(PayloadEncoding::kRaw), letters);
}

TEST(PayloadTest, APartMayBeOfAWholeOrOfSlicesThatAreCutOtherwise) {
  BundleBuilder whole;
  whole.Add("t", DataType::kUint8, {4, 4}, "abcdefghijklmnop");
  const std::vector<BundleBuilder> builders = {
      whole,
      Sliced({4, 4}, {{{0, 4}, {0, 1}}, {{0, 4}, {1, 3}}}),
      Sliced({4, 4}, {{{0, 3}, {0, 4}}, {{3, 1}, {0, 4}}}),
  };
  for (const BundleBuilder& builder : builders) {
    const Bundle bundle(builder);
    const auto part = [&](const Region& region) { return bundle.Payload(PayloadEncoding::kRaw, 0, region); };
    EXPECT_EQ(part({{0, 4}, {0, 4}}), "abcdefghijklmnop");
    EXPECT_EQ(part({{1, 2}, {0, 4}}), "efghijkl");
    EXPECT_EQ(part({{0, 4}, {2, 2}}), "cdghklop");
    EXPECT_EQ(part({{1, 3}, {1, 1}}), "fjn");
    EXPECT_EQ(part({{3, 1}, {3, 1}}), "p");
    EXPECT_EQ(part({{2, 0}, {0, 4}}), "");
    EXPECT_EQ(part({{0, 5}, {0, 4}}), "no such part (0,5:0,4 of 0,4:0,4): tensor 't'");
    EXPECT_EQ(part({{0, 4}}), "no such part (0,4 of 0,4:0,4): tensor 't'");
  }
}

TEST(PayloadTest, EveryAxisOfThreeMayBeCut) {
  std::string letters;
  for (int i = 0; i < 24; ++i) letters += static_cast<char>('a' + i);
  BundleBuilder builder;
  builder.Add("t", DataType::kUint8, {2, 3, 4}, "");
  // Cut along the last axis, then along the middle one, then along the first.
  builder.AddSlice("t", {{0, 2}, {0, 3}, {3, 1}}, "dhlptx");
  builder.AddSlice("t", {{0, 2}, {2, 1}, {0, 3}}, "ijkuvw");
  builder.AddSlice("t", {{1, 1}, {0, 2}, {0, 3}}, "mnoqrs");
  builder.AddSlice("t", {{0, 1}, {0, 2}, {0, 3}}, "abcefg");
  EXPECT_EQ(Bundle(builder).Payload(PayloadEncoding::kRaw), letters);
  EXPECT_EQ(Bundle(builder).Payload(PayloadEncoding::kRaw, 0, {{0, 2}, {1, 2}, {2, 2}}), "ghklstwx");
}

TEST(PayloadTest, SlicesAreConvertedLikeWholes) {
  BundleBuilder builder(1, true);
  builder.Add("t", DataType::kInt16, {2, 2}, "");
  builder.AddSlice("t", {{0, 2}, {1, 1}}, std::string("\x01\x2c\xff\xff", 4));
  builder.AddSlice("t", {{0, 2}, {0, 1}}, std::string("\0\1\0\2", 4));
  const Bundle bundle(builder);
  EXPECT_EQ(bundle.Payload(PayloadEncoding::kRaw), std::string("\1\0\x2c\x01\2\0\xff\xff", 8));
  EXPECT_EQ(bundle.Payload(PayloadEncoding::kVarint), "\x01\xac\x02\x02" + Negative(-1));
}

TEST(PayloadTest, StringsMayBeInSlicesToo) {
  for (const bool big_endian : {false, true}) {
    BundleBuilder builder(1, big_endian);
    builder.AddStrings("t", {2, 3}, {}).size = 0;
    builder.AddStringSlice("t", {{0, 2}, {1, 2}}, {"b", "", "ee", "f"});
    builder.AddStringSlice("t", {{0, 2}, {0, 1}}, {"a", "dd"});
    const Bundle bundle(builder);
    EXPECT_EQ(bundle.Payload(PayloadEncoding::kStrings),
              std::string("\x42\1a\x42\1b\x42\0\x42\2dd\x42\2ee\x42\1f", 19));
    EXPECT_EQ(bundle.Payload(PayloadEncoding::kStrings, 0, {{0, 2}, {2, 1}}), std::string("\x42\0\x42\1f", 5));
  }
}

TEST(PayloadTest, SlicesLargerThanABlockComeInBlocks) {
  constexpr std::int64_t kRows = 500000;
  std::string left;
  std::string right;
  std::string whole;
  for (std::uint32_t i = 0; i < kRows; ++i) {
    left += test::Fixed32(i);
    right += test::Fixed32(~i);
    whole += test::Fixed32(i) + test::Fixed32(~i);
  }
  BundleBuilder builder;
  EntryFields& entry = builder.Add("t", DataType::kUint32, {kRows, 2}, "");
  // The extents are too large for the short form of their keys.
  entry.slices = {test::SliceMessage({{0, -1}, {0, 1}}), test::SliceMessage({{0, -1}, {1, 1}})};
  builder.Add(test::SliceRecordKey("t", {{0, -1}, {0, 1}}), DataType::kUint32, {kRows, 1}, left);
  builder.Add(test::SliceRecordKey("t", {{0, -1}, {1, 1}}), DataType::kUint32, {kRows, 1}, right);
  const Bundle bundle(builder);
  EXPECT_TRUE(bundle.Payload(PayloadEncoding::kRaw) == whole);
  EXPECT_TRUE(bundle.Payload(PayloadEncoding::kRaw, 0, {{0, kRows}, {1, 1}}) == right);
}

TEST(PayloadTest, SlicesThatDoNotTileAreRefused) {
  const auto refusal = [](const std::vector<std::vector<Extent>>& slices, const Region& region = {}) {
    const std::string message = Bundle(Sliced({4, 4}, slices)).Payload(PayloadEncoding::kRaw, 0, region);
    return message.substr(0, message.find("): tensor 't' in "));
  };
  const std::vector<Extent> top = {{0, 2}, {0, 4}};
  EXPECT_EQ(refusal({top}), "bad slices (none holds index 2 of axis 0");
  EXPECT_EQ(refusal({top, {{2, 2}, {1, 3}}}), "bad slices (none holds index 0 of axis 1");
  EXPECT_EQ(refusal({top, {{1, 3}, {0, 4}}}), "bad slices (0,2:0,4 and 1,3:0,4 overlap");
  EXPECT_EQ(refusal({top, {{2, 2}, {0, 3}}, {{3, 1}, {2, 2}}}), "bad slices (none holds index 3 of axis 1");
  // What is wrong elsewhere does not matter to a part.
  EXPECT_EQ(refusal({top}, {{0, 2}, {1, 1}}), "bf");
}

TEST(PayloadTest, TheChecksumOfASliceIsVerifiedEvenWhereOnlyAPartIsRead) {
  BundleBuilder builder = Sliced({4, 4}, {{{0, 2}, {0, 4}}, {{2, 2}, {0, 4}}});
  builder.shard_bytes(1)[7] = 'X';
  const Bundle bundle(builder);
  EXPECT_EQ(bundle.Payload(PayloadEncoding::kRaw, 0, {{0, 2}, {0, 4}}), "abcdefgh");
  const std::string message = bundle.Payload(PayloadEncoding::kRaw, 0, {{2, 1}, {0, 1}});
  EXPECT_EQ(message.substr(0, 17), "checksum mismatch") << message;
  EXPECT_NE(message.find("): slice 2,2:0,4 of tensor 't', bytes 0..8 of "), std::string::npos) << message;
}

TEST(PayloadTest, TheChecksumOfStringsIsVerifiedEvenWhereOnlyAPartIsRead) {
  BundleBuilder builder;
  builder.AddStrings("t", {3}, {"one", "two", "three"});
  builder.shard_bytes(0).back() = 'X';
  EXPECT_EQ(Bundle(builder).Payload(PayloadEncoding::kStrings, 0, {{0, 1}}).substr(0, 17), "checksum mismatch");
}

TEST(PayloadTest, AFailureOfTheSinkEndsTheEmission) {
  BundleBuilder builder;
  builder.Add("t", DataType::kInt8, {3000000}, std::string(3000000, 'x'));
  const Bundle bundle(builder);
  int calls = 0;
  const auto emitted = EmitPayload(bundle.bundle(), {0, {}}, PayloadEncoding::kRaw, [&](auto) -> Status {
    ++calls;
    return {StatusCode::kWriteFailed, "full"};
  });
  EXPECT_EQ(emitted.status().message(), "full");
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace permafrost
