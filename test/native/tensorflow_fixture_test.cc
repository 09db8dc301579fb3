// What a real TensorFlow wrote: see fixtures/README.md.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "plan/payload.h"
#include "wire.h"

namespace permafrost {
namespace {

struct Expected {
  std::string key;
  std::string dtype;
  std::vector<std::int64_t> shape;
  PayloadEncoding encoding;
  std::string payload;
};

std::string Hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

// Little-endian bytes of the values in scripts/make-checkpoint-fixtures.py.
std::vector<Expected> AllExpected() {
  using enum PayloadEncoding;
  return {
      {"bfloat16", "bfloat16", {2}, kRaw, Hex("803f00c0")},
      {"bool", "bool", {3}, kBool, Hex("010001")},
      {"complex128", "complex128", {1}, kRaw, Hex("000000000000f03f00000000000000c0")},
      {"complex64", "complex64", {2}, kRaw, Hex("0000803f00000040000040c00000003f")},
      {"empty", "float32", {0, 3}, kRaw, ""},
      {"empty_strings", "string", {0}, kStrings, ""},
      {"float16", "float16", {2}, kRaw, Hex("003c00c0")},
      {"float32", "float32", {2, 3}, kRaw, Hex("0000803f0000004000004040000080400000a0400000c040")},
      {"float64", "float64", {1}, kRaw, Hex("9a9999999999b93f")},
      {"int16", "int16", {2}, kRaw, Hex("ffff0200")},
      {"int32", "int32", {2}, kVarint, Hex("ffffffffffffffffff01ac02")},
      {"int64", "int64", {2}, kRaw, Hex("ffffffffffffffff0000000000010000")},
      {"int8", "int8", {2}, kRaw, Hex("ff7f")},
      {"nested/name", "int32", {}, kVarint, Hex("07")},
      {"scalar", "float32", {}, kRaw, Hex("00002040")},
      // In slices of two rows and of one.
      {"sliced", "float32", {3, 2}, kRaw, Hex("000000000000803f0000004000004040000080400000a040")},
      {"string", "string", {}, kStrings, "\x42\x03one"},
      {"strings",
       "string",
       {4},
       kStrings,
       Hex("4200") + Hex("420161") + Hex("420200ff") + Hex("42c801") + std::string(200, 'x')},
      {"uint16", "uint16", {1}, kVarint, Hex("ffff03")},
      {"uint32", "uint32", {1}, kVarint, Hex("ffffffff0f")},
      {"uint64", "uint64", {1}, kRaw, Hex("0000000000000080")},
      {"uint8", "uint8", {2}, kRaw, Hex("00ff")},
  };
}

const std::string kPrefix = std::string(PERMAFROST_FIXTURES) + "/every-dtype";

void ExpectAll(const Checkpoint& checkpoint, const std::vector<Expected>& all) {
  ASSERT_EQ(checkpoint.entries().size(), all.size());
  for (std::uint32_t row = 0; row < all.size(); ++row) {
    const TensorEntry& entry = checkpoint.entries()[row];
    const Expected& expected = all[row];
    SCOPED_TRACE(expected.key);
    EXPECT_EQ(entry.key, expected.key);
    EXPECT_EQ(DataTypeName(entry.dtype), expected.dtype);
    EXPECT_EQ(entry.shape, expected.shape);
    std::string payload;
    const auto emitted =
        EmitPayload(checkpoint, {row, {}}, expected.encoding, [&](std::span<const std::byte> block) -> Status {
          payload += test::Text(block);
          return {};
        });
    EXPECT_TRUE(emitted.ok()) << emitted.status().message();
    EXPECT_TRUE(emitted.ok()) << emitted.status().message();
  }
}

TEST(TensorflowFixtureTest, EveryTensorOfABundleIsReadAndItsChecksumHolds) {
  const auto bundle = Checkpoint::OpenBundle(kPrefix);
  ASSERT_TRUE(bundle.ok()) << bundle.status().message();
  EXPECT_FALSE(bundle.value()->big_endian());
  EXPECT_EQ(bundle.value()->num_shards(), 1u);
  ExpectAll(*bundle.value(), AllExpected());
}

TEST(TensorflowFixtureTest, EveryTensorOfAV1CheckpointIsRead) {
  const auto checkpoint = Checkpoint::OpenV1(kPrefix, {kPrefix + "-v1.ckpt"});
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status().message();
  std::vector<Expected> all = AllExpected();
  // TensorFlow does not write these types into such files.
  std::erase_if(all, [](const Expected& expected) {
    return expected.key == "bfloat16" || expected.key == "uint32" || expected.key == "uint64";
  });
  ExpectAll(*checkpoint.value(), all);
}

}  // namespace
}  // namespace permafrost
