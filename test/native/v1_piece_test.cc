#include "pieces/v1_piece.h"

#include <gtest/gtest.h>

#include <string>

#include "source.h"
#include "wire.h"

namespace permafrost {
namespace {

using test::BytesField;
using test::Fixed;
using test::Source;
using test::Varint;
using test::VarintField;

// The elements from `first` to the end, or the message.
std::string Elements(const std::string& tensor_proto, DataType dtype, std::uint64_t count, std::uint64_t first = 0) {
  const auto reader = OpenV1Piece(Source(tensor_proto), dtype, count, kBlockSize, "tensor 'w'");
  if (!reader.ok()) return reader.status().message();
  std::string elements;
  Status status = reader.value()->Read(first, count - first, [&](std::span<const std::byte> block) -> Status {
    elements += test::Text(block);
    return {};
  });
  if (status.ok()) status = reader.value()->Finish();
  return status.ok() ? elements : status.message();
}

TEST(V1PieceTest, TakesFloatsAsTheyLie) {
  const std::string proto = VarintField(1, 1) + BytesField(5, "abcdefgh");
  EXPECT_EQ(Elements(proto, DataType::kFloat32, 2), "abcdefgh");
  EXPECT_EQ(Elements(proto, DataType::kFloat32, 2, 1), "efgh");
  EXPECT_EQ(Elements(BytesField(12, "0123456789abcdef"), DataType::kComplex128, 1), "0123456789abcdef");
}

TEST(V1PieceTest, GivesVarintsTheWidthOfTheirType) {
  const std::string numbers = Varint(5) + Varint(~std::uint64_t{1}) + Varint(300);
  EXPECT_EQ(Elements(BytesField(7, numbers), DataType::kInt32, 3), Fixed(5, 4) + Fixed(0xfffffffe, 4) + Fixed(300, 4));
  EXPECT_EQ(Elements(BytesField(7, numbers), DataType::kInt16, 3, 1), Fixed(0xfffe, 2) + Fixed(300, 2));
  EXPECT_EQ(Elements(BytesField(10, numbers), DataType::kInt64, 3, 2), Fixed(300, 8));
  EXPECT_EQ(Elements(BytesField(13, Varint(0x3c00)), DataType::kFloat16, 1), Fixed(0x3c00, 2));
  EXPECT_EQ(Elements(BytesField(11, Varint(0) + Varint(256)), DataType::kBool, 2), std::string("\0\1", 2));
}

TEST(V1PieceTest, MayBeLongerThanABlock) {
  std::string numbers;
  std::string expected;
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    numbers += Varint(i);
    expected += Fixed(i, 4);
  }
  EXPECT_EQ(Elements(BytesField(7, numbers), DataType::kInt32, 200'000), expected);
}

TEST(V1PieceTest, WritesStringsAsFields) {
  const std::string proto = VarintField(1, 7) + BytesField(8, "a") + BytesField(8, "") + BytesField(8, "bc");
  EXPECT_EQ(Elements(proto, DataType::kString, 3),
            "\x42\x01"
            "a\x42" +
                std::string(1, '\0') + "\x42\x02" + "bc");
  EXPECT_EQ(Elements(proto, DataType::kString, 3, 2),
            "\x42\x02"
            "bc");
}

TEST(V1PieceTest, HasNoElementsWithoutAField) {
  EXPECT_EQ(Elements("", DataType::kFloat32, 0), "");
  EXPECT_EQ(Elements("", DataType::kString, 0), "");
}

TEST(V1PieceTest, RefusesAnotherNumberOfElements) {
  EXPECT_EQ(Elements(BytesField(5, "abcd"), DataType::kFloat32, 2), "holds 1 elements, its shape has 2: tensor 'w'");
  EXPECT_EQ(Elements(BytesField(6, "abcdefgh"), DataType::kFloat32, 2),
            "holds 0 elements, its shape has 2: tensor 'w'");
  EXPECT_EQ(Elements(BytesField(7, "\x01"), DataType::kInt8, 2), "holds 1 elements, its shape has 2: tensor 'w'");
  EXPECT_EQ(Elements(BytesField(8, "a"), DataType::kString, 2), "holds 1 elements, its shape has 2: tensor 'w'");
}

TEST(V1PieceTest, RefusesMalformedValues) {
  EXPECT_EQ(Elements("\x2a", DataType::kFloat32, 1), "malformed values: tensor 'w'");
  EXPECT_EQ(Elements(VarintField(7, 1), DataType::kInt32, 1), "malformed values: tensor 'w'");
  EXPECT_EQ(Elements(BytesField(7, "\x01") + BytesField(7, "\x01"), DataType::kInt32, 2),
            "malformed values: tensor 'w'");
  // More than ten bytes in one number.
  EXPECT_EQ(Elements(BytesField(7, std::string(11, '\x80') + "\x01"), DataType::kInt32, 1),
            "malformed number: tensor 'w'");
  // The last number is cut off.
  EXPECT_EQ(Elements(BytesField(7, "\x01\x80"), DataType::kInt32, 1), "malformed values: tensor 'w'");
  // Half a float.
  EXPECT_EQ(Elements(BytesField(5, "abcdef"), DataType::kFloat32, 1), "malformed values: tensor 'w'");
}

TEST(V1PieceTest, RefusesTypesThatSuchCheckpointsNeverHad) {
  EXPECT_EQ(Elements("", DataType::kBfloat16, 1), "no V1 checkpoint has bfloat16: tensor 'w'");
}

}  // namespace
}  // namespace permafrost
