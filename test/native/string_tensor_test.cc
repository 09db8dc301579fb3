#include "pieces/string_tensor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "bundle_builder.h"
#include "crc32c/crc32c.h"
#include "wire.h"

namespace permafrost {
namespace {

using test::Bytes;
using test::Fixed32;
using test::Varint;

Result<std::unique_ptr<StringTensor>> Open(std::string_view stored, std::uint64_t count, bool big_endian = false) {
  const Fetch fetch = [stored](std::uint64_t offset, std::span<std::byte> bytes) -> Status {
    std::ranges::copy(Bytes(stored).subspan(static_cast<std::size_t>(offset), bytes.size()), bytes.begin());
    return {};
  };
  return StringTensor::Open(fetch, stored.size(), count, big_endian, "tensor 's'");
}

// The elements, each followed by a bar, or the message.
std::string Elements(std::string_view stored, std::uint64_t count, bool big_endian = false) {
  const auto tensor = Open(stored, count, big_endian);
  if (!tensor.ok()) return tensor.status().message();
  std::string joined;
  for (std::uint64_t left = 0; tensor.value()->Next(left).value();) {
    while (left > 0) {
      const auto bytes = tensor.value()->Take(left).value();
      joined += test::Text(bytes);
      left -= bytes.size();
    }
    joined += '|';
  }
  return joined;
}

// Lengths and bytes with the right checksum of `lengths_as_counted` between them.
std::string Stored(const std::string& lengths, const std::string& lengths_as_counted, const std::string& data) {
  return lengths + Fixed32(crc32c::Mask(crc32c::Value(Bytes(lengths_as_counted)))) + data;
}

TEST(StringTensorTest, ReadsTheBytesThatTensorFlowWrites) {
  // The scalar b"one" of the fixture: its length, the masked checksum of 03 00 00 00, its bytes.
  EXPECT_EQ(Elements("\x03\x63\x3f\x7f\x28one", 1), "one|");
}

TEST(StringTensorTest, ReadsManyElements) {
  std::uint32_t crc = 0;
  const std::string long_one(300, 'x');
  EXPECT_EQ(Elements(test::StoredStrings({"", "a", long_one, ""}, false, crc), 4), "|a|" + long_one + "||");
  EXPECT_EQ(Elements(test::StoredStrings({"big", "endian"}, true, crc), 2, true), "big|endian|");
}

TEST(StringTensorTest, ElementsMayBeLongerThanABlockAndNeedNotBeTaken) {
  std::uint32_t crc = 0;
  const std::string long_one(200'000, 'x');
  const std::string stored = test::StoredStrings({long_one, "a", long_one}, false, crc);
  EXPECT_EQ(Elements(stored, 3), long_one + "|a|" + long_one + "|");
  const auto tensor = Open(stored, 3);
  ASSERT_TRUE(tensor.ok());
  std::uint64_t size = 0;
  EXPECT_TRUE(tensor.value()->Next(size).value());
  EXPECT_EQ(size, long_one.size());
  EXPECT_TRUE(tensor.value()->Next(size).value());
  EXPECT_EQ(test::Text(tensor.value()->Take(10).value()), "a");
}

TEST(StringTensorTest, NoElementsMayBeNoBytesOrAChecksumOfNothing) {
  EXPECT_EQ(Elements("", 0), "");
  EXPECT_EQ(Elements(Fixed32(crc32c::Mask(0)), 0), "");
  EXPECT_EQ(Elements("", 1), "bad string tensor (truncated lengths): tensor 's'");
}

TEST(StringTensorTest, TheChecksumCoversLengthsTheirChecksumAndBytes) {
  std::uint32_t crc = 0;
  const std::string stored = test::StoredStrings({"ab", "c"}, false, crc);
  const auto tensor = Open(stored, 2, false);
  ASSERT_TRUE(tensor.ok());
  EXPECT_EQ(crc32c::Extend(tensor.value()->lengths_crc(), Bytes("abc")), crc);
}

TEST(StringTensorTest, RefusesWrongLengthsChecksum) {
  const std::string stored = Stored("\x01", Fixed32(2), "a");
  const auto tensor = Open(stored, 1, false);
  EXPECT_EQ(tensor.status().code(), StatusCode::kChecksumMismatch);
  EXPECT_EQ(Elements(stored, 1),
            "checksum mismatch (stored f7006846, computed 9522e17f): string lengths of tensor 's'");
  // Right in the other byte order only.
  std::uint32_t crc = 0;
  EXPECT_NE(Elements(test::StoredStrings({"a"}, true, crc), 1, false), "a|");
}

TEST(StringTensorTest, RefusesLengthsPastTheEnd) {
  EXPECT_EQ(Elements(Stored("\x64", Fixed32(100), "abc"), 1), "bad string tensor (element 0 past its end): tensor 's'");
  // Each fits, the sum does not.
  EXPECT_EQ(Elements(Stored("\x09\x09", Fixed32(9) + Fixed32(9), "abcdefgh"), 2),
            "bad string tensor (element 1 past its end): tensor 's'");
  EXPECT_EQ(Elements(Varint(~std::uint64_t{0}) + "abcdefgh", 1),
            "bad string tensor (element 0 past its end): tensor 's'");
  // The sum comes to 0 in 64 bits, which is what follows.
  const std::uint64_t almost = ~std::uint64_t{3};
  EXPECT_EQ(Elements(Stored("\x04" + Varint(almost), Fixed32(4) + test::Fixed(almost, 8), ""), 2),
            "bad string tensor (element 1 past its end): tensor 's'");
}

TEST(StringTensorTest, NoticesLengthsThatChangeOnceTheyWereRead) {
  const std::string sound = Stored("\x02\x01", Fixed32(2) + Fixed32(1), "abc");
  // One that is longer than all there is, and one that does not end before the bytes begin.
  for (const std::string& lengths : {std::string("\x7f\x01"), std::string(6, '\x80')}) {
    std::string stored = sound;
    const Fetch fetch = [&](std::uint64_t offset, std::span<std::byte> bytes) -> Status {
      std::ranges::copy(Bytes(stored).subspan(static_cast<std::size_t>(offset), bytes.size()), bytes.begin());
      return {};
    };
    const auto tensor = StringTensor::Open(fetch, stored.size(), 2, false, "tensor 's'");
    ASSERT_TRUE(tensor.ok()) << tensor.status().message();
    stored.replace(0, lengths.size(), lengths);
    std::uint64_t left = 0;
    Status status = tensor.value()->Next(left).status();
    // One call more than there are bytes, so that a test that fails ends.
    for (int i = 0; i < 4 && status.ok(); ++i) status = tensor.value()->Take(left).status();
    EXPECT_EQ(status.message(), "lengths of strings changed while they were read");
    EXPECT_EQ(status.code(), StatusCode::kReadFailed);
  }
}

TEST(StringTensorTest, RefusesLengthsThatDoNotAddUp) {
  EXPECT_EQ(Elements(Stored("\x02", Fixed32(2), "abc"), 1),
            "bad string tensor (lengths add up to 2 bytes, not 3): tensor 's'");
  EXPECT_EQ(Elements(Stored("\x04", Fixed32(4), "abc"), 1),
            "bad string tensor (lengths add up to 4 bytes, not 3): tensor 's'");
}

TEST(StringTensorTest, RefusesTruncatedLengths) {
  const std::string message = "bad string tensor (truncated lengths): tensor 's'";
  EXPECT_EQ(Elements("\x01", 2), message);
  // The length is there, and not all of its checksum.
  for (std::size_t size = 1; size < 5; ++size) EXPECT_EQ(Elements(std::string(size, '\0'), 1), message) << size;
  EXPECT_EQ(Elements(std::string(10, '\x80') + "\x01", 1), message);
  // More elements than bytes must not cost memory either.
  EXPECT_EQ(Elements(std::string("\0\0\0\0", 4), std::uint64_t{1} << 52), message);
}

}  // namespace
}  // namespace permafrost
