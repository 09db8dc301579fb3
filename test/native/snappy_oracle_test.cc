// Holds the decoder against the reference implementation.
#include <gtest/gtest.h>
#include <snappy-c.h>

#include <optional>
#include <random>
#include <string>

#include "snappy.h"
#include "wire.h"

namespace permafrost {
namespace {

// The C interface: its header's name does not clash with ours.
std::string Compressed(const std::string& text) {
  std::string out(snappy_max_compressed_length(text.size()), '\0');
  std::size_t size = out.size();
  EXPECT_EQ(snappy_compress(text.data(), text.size(), out.data(), &size), SNAPPY_OK);
  out.resize(size);
  return out;
}

std::optional<std::string> Uncompressed(const std::string& compressed) {
  std::size_t size = 0;
  if (snappy_uncompressed_length(compressed.data(), compressed.size(), &size) != SNAPPY_OK) return std::nullopt;
  // What declares more than its size can hold is damaged; the reference would have us allocate it first.
  if (size > compressed.size() * 64) return std::nullopt;
  std::string out(size, '\0');
  if (snappy_uncompress(compressed.data(), compressed.size(), out.data(), &size) != SNAPPY_OK) return std::nullopt;
  return out;
}

std::string RandomText(std::mt19937& random, std::size_t size) {
  std::string text;
  while (text.size() < size) {
    if (text.size() > 10 && random() % 3 != 0) {
      const std::size_t from = random() % text.size();
      text += text.substr(from, random() % 200);
    } else {
      for (std::size_t i = random() % 80; i > 0; --i) text += static_cast<char>(random());
    }
  }
  text.resize(size);
  return text;
}

TEST(SnappyOracleTest, DecodesWhatTheReferenceCompresses) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    const std::string text = RandomText(random, random() % 200000);
    const std::string compressed = Compressed(text);
    const auto output = snappy::Decompress(test::Bytes(compressed));
    ASSERT_TRUE(output.has_value()) << "round " << round;
    EXPECT_EQ(test::Text(*output), text) << "round " << round;
  }
}

TEST(SnappyOracleTest, AgreesWithTheReferenceOnDamagedInput) {
  std::mt19937 random(8);
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    const std::string text = RandomText(random, 1 + random() % 2000);
    std::string compressed = Compressed(text);
    char& damaged = compressed[random() % compressed.size()];
    damaged = static_cast<char>(damaged ^ static_cast<char>(1 + random() % 255));
    const auto expected = Uncompressed(compressed);
    const auto output = snappy::Decompress(test::Bytes(compressed));
    ASSERT_EQ(output.has_value(), expected.has_value()) << "round " << round;
    if (expected) {
      EXPECT_EQ(test::Text(*output), *expected) << "round " << round;
    } else {
      ++refused;
    }
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace permafrost
