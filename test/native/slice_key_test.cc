#include "tensor/slice_key.h"

#include <gtest/gtest.h>

#include <string>

namespace permafrost {
namespace {

// "tensor start,length:..." or "refused".
std::string DecodedKey(const std::string& key) {
  const auto decoded = DecodeSliceKey(key);
  return decoded ? decoded->tensor + " " + SliceText(decoded->extents) : "refused";
}

// The key of a slice of one dimension, of tensor "w".
std::string KeyOf(const std::string& extent) { return std::string("\0w\0\1\1\1", 6) + extent; }

TEST(SliceKeyTest, DecodesTheKeyThatTensorFlowWrites) {
  const std::string key("\0part/emb\0\1\1\2\x83\x83\x80\x83", 17);
  EXPECT_TRUE(IsSliceKey(key));
  EXPECT_EQ(DecodedKey(key), "part/emb 3,3:0,3");
}

TEST(SliceKeyTest, TensorNamesAreNotSliceKeys) {
  EXPECT_FALSE(IsSliceKey("part/emb"));
  EXPECT_FALSE(IsSliceKey(""));
}

TEST(SliceKeyTest, DecodesSignedNumbersOfEveryLength) {
  EXPECT_EQ(DecodedKey(KeyOf("\x80\x7f")), "w -");  // 0, -1
  EXPECT_EQ(DecodedKey(KeyOf("\x80\xbf")), "w 0,63");
  EXPECT_EQ(DecodedKey(KeyOf("\x80\xc0\x64")), "w 0,100");
  EXPECT_EQ(DecodedKey(KeyOf("\x80\xc0\xc8")), "w 0,200");
  // 0x424242 in four bytes, the example of the encoding's own documentation.
  EXPECT_EQ(DecodedKey(KeyOf("\x80\xf0\x42\x42\x42")), "w 0,4342338");
  // 2^54 - 1 is the largest in eight bytes, 2^61 takes nine, 2^63 - 1 takes ten.
  EXPECT_EQ(DecodedKey(KeyOf(std::string("\x80\xff\x3f\xff\xff\xff\xff\xff\xff"))), "w 0,18014398509481983");
  EXPECT_EQ(DecodedKey(KeyOf(std::string("\x80\xff\xa0\0\0\0\0\0\0\0", 10))), "w 0,2305843009213693952");
  EXPECT_EQ(DecodedKey(KeyOf("\x80\xff\xc0\x7f\xff\xff\xff\xff\xff\xff\xff")), "w 0,9223372036854775807");
}

TEST(SliceKeyTest, UnescapesNames) {
  EXPECT_EQ(DecodedKey(std::string("\0a\0\xff"
                                   "b\xff\0c\0\1\1\1\x80\x81",
                                   14)),
            std::string("a\0b\xff"
                        "c 0,1",
                        9));
}

TEST(SliceKeyTest, AScalarHasNoExtents) {
  // Only V1 checkpoints have such keys.
  const auto key = DecodeSliceKey(std::string_view("\0w\0\1\0", 5));
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->tensor, "w");
  EXPECT_TRUE(key->extents.empty());
}

TEST(SliceKeyTest, RefusesMalformedKeys) {
  EXPECT_EQ(DecodedKey(""), "refused");
  EXPECT_EQ(DecodedKey("w"), "refused");
  EXPECT_EQ(DecodedKey(std::string("\0w\0\2\1\1\x80\x81", 8)), "refused");                  // an unknown escape
  EXPECT_EQ(DecodedKey(std::string("\0w\0\1\1\2\x80\x81", 8)), "refused");                  // one extent of two
  EXPECT_EQ(DecodedKey(std::string("\0w\0\1\4\xff\xff\xff\xff\x80\x81", 11)), "refused");   // rank 2^32 - 1
  EXPECT_EQ(DecodedKey(std::string("\0w\0\1\x09\1\1\1\1\1\1\1\1\1", 14)), "refused");       // a number of nine bytes
  EXPECT_EQ(DecodedKey(KeyOf("\x80\x81\x80")), "refused");                                  // more after the end
  EXPECT_EQ(DecodedKey(KeyOf("\x7f\x81")), "refused");                                      // start -1
  EXPECT_EQ(DecodedKey(KeyOf("\x80\x7e")), "refused");                                      // length -2
  EXPECT_EQ(DecodedKey(KeyOf("\x80\xff\xe0\x7f\xff\xff\xff\xff\xff\xff\xff")), "refused");  // does not fit
  EXPECT_EQ(DecodedKey(KeyOf("\x80\xff\xc0\xff\xff\xff\xff\xff\xff\xff\xff")), "refused");  // 2^64 - 1
  const std::string key("\0part/emb\0\1\1\2\x83\x83\x80\xc0\x64", 18);
  ASSERT_EQ(DecodedKey(key), "part/emb 3,3:0,100");
  for (std::size_t size = 0; size < key.size(); ++size) EXPECT_EQ(DecodedKey(key.substr(0, size)), "refused") << size;
}

}  // namespace
}  // namespace permafrost
