#include "crc32c/crc32c.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "wire.h"

namespace permafrost::crc32c {
namespace {

using test::Bytes;

std::string Ascending() {
  std::string bytes;
  for (int i = 0; i < 32; ++i) bytes += static_cast<char>(i);
  return bytes;
}

// One bit at a time, straight from the definition.
std::uint32_t BitByBit(std::uint32_t crc, std::span<const std::byte> bytes) {
  crc = ~crc;
  for (const std::byte byte : bytes) {
    crc ^= std::to_integer<std::uint32_t>(byte);
    for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0);
  }
  return ~crc;
}

TEST(Crc32cTest, EveryImplementationGivesTheVectorsOfRfc3720) {
  const std::string ascending = Ascending();
  const std::string descending(ascending.rbegin(), ascending.rend());
  for (const Implementation& implementation : Implementations()) {
    SCOPED_TRACE(implementation.name);
    EXPECT_EQ(implementation.extend(0, Bytes("")), 0u);
    EXPECT_EQ(implementation.extend(0, Bytes(std::string(32, '\0'))), 0x8a9136aau);
    EXPECT_EQ(implementation.extend(0, Bytes(std::string(32, '\xff'))), 0x62a8ab43u);
    EXPECT_EQ(implementation.extend(0, Bytes(ascending)), 0x46dd794eu);
    EXPECT_EQ(implementation.extend(0, Bytes(descending)), 0x113fdb5cu);
    EXPECT_EQ(implementation.extend(0, Bytes("123456789")), 0xe3069283u);
  }
}

TEST(Crc32cTest, ImplementationsAgreeOnAnyLengthAlignmentAndSplit) {
  std::mt19937 random(20240101);
  std::vector<std::byte> data(40000);
  for (std::byte& byte : data) byte = static_cast<std::byte>(random());
  const auto implementations = Implementations();
  for (int round = 0; round < 300; ++round) {
    // Lengths near the stretches that the fast paths work in, and all small ones.
    const std::size_t length = round < 100 ? static_cast<std::size_t>(round) : random() % 30000;
    const std::size_t start = random() % 64;
    const auto bytes = std::span(data).subspan(start, length);
    const std::size_t split = length == 0 ? 0 : random() % length;
    const std::uint32_t expected = BitByBit(0, bytes);
    for (const Implementation& implementation : implementations) {
      EXPECT_EQ(implementation.extend(0, bytes), expected) << implementation.name << ", length " << length;
      EXPECT_EQ(implementation.extend(implementation.extend(0, bytes.first(split)), bytes.subspan(split)), expected)
          << implementation.name << ", length " << length << ", split at " << split;
    }
    EXPECT_EQ(Extend(Value(bytes.first(split)), bytes.subspan(split)), expected);
  }
}

TEST(Crc32cTest, ThePortableImplementationIsAlwaysThereAndLast) {
  EXPECT_EQ(Implementations().back().name, "portable");
}

TEST(Crc32cTest, MaskRotatesAndAdds) {
  // Rotated right by 15: 0xe3069283 is 0x2507c60d; plus 0xa282ead8.
  EXPECT_EQ(Mask(0xe3069283u), 0xc78ab0e5u);
  EXPECT_EQ(Mask(0), 0xa282ead8u);
  for (const std::uint32_t crc : {0u, 1u, 0x8a9136aau, 0xffffffffu}) EXPECT_EQ(Unmask(Mask(crc)), crc);
}

TEST(Crc32cTest, CombinesTheChecksumsOfNeighbours) {
  const std::string bytes = Ascending();
  for (std::size_t split = 0; split <= bytes.size(); ++split) {
    const std::uint32_t first = Value(Bytes(bytes.substr(0, split)));
    const std::uint32_t second = Value(Bytes(bytes.substr(split)));
    EXPECT_EQ(Combine(first, second, bytes.size() - split), 0x46dd794eu) << split;
  }
  // Too long to be summed up byte by byte: a number of zeros as in a tensor of 20 GB.
  std::uint32_t zeros = Value(Bytes(std::string(1, '\0')));
  std::uint64_t count = 1;
  for (; count < (std::uint64_t{1} << 34); count *= 2) zeros = Combine(zeros, zeros, count);
  EXPECT_EQ(Combine(zeros, Value(Bytes("a")), 1), Extend(zeros, Bytes("a")));
}

}  // namespace
}  // namespace permafrost::crc32c
