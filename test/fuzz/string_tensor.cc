// A tensor of strings in a bundle: as it is, and with the right checksum behind its lengths.
#include "pieces/string_tensor.h"

#include "byte_reader.h"
#include "crc32c/crc32c.h"
#include "input.h"
#include "wire.h"

namespace permafrost::fuzz {
namespace {

void ReadAll(const std::string& stored, std::uint64_t elements, bool big_endian) {
  const ByteSource source = Source(stored);
  const auto strings = StringTensor::Open(source.fetch, source.size, elements, big_endian, "fuzzed");
  if (!strings.ok()) return;
  std::uint64_t count = 0;
  std::uint64_t total = 0;
  for (std::uint64_t left = 0;; ++count) {
    const auto next = strings.value()->Next(left);
    Require(next.ok());
    if (!next.value()) break;
    // Some are taken, some passed by.
    if (count % 3 == 0) continue;
    while (left > 0) {
      const auto bytes = strings.value()->Take(left);
      Require(bytes.ok() && !bytes.value().empty() && bytes.value().size() <= left);
      left -= bytes.value().size();
      total += bytes.value().size();
    }
  }
  Require(count == elements && total <= source.size);
}

// The lengths that the text begins with, their checksum, and the rest of it.
std::string WithChecksum(const std::string& text, std::uint64_t elements, bool big_endian) {
  ByteReader reader(test::Bytes(text));
  std::string counted;
  std::uint64_t length = 0;
  for (std::uint64_t i = 0; i < elements && reader.ReadVarint64(length); ++i) {
    counted += test::Fixed(length, length >> 32 == 0 ? 4 : 8, big_endian);
  }
  const std::size_t lengths = text.size() - reader.remaining();
  const std::uint32_t crc = crc32c::Mask(crc32c::Value(test::Bytes(counted)));
  return text.substr(0, lengths) + test::Fixed(crc, 4, big_endian) + text.substr(lengths);
}

}  // namespace
}  // namespace permafrost::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace permafrost;
  fuzz::Input input(data, size);
  const std::uint8_t head = input.Byte();
  const std::uint64_t elements = head >> 1;
  const bool big_endian = (head & 1) != 0;
  const std::string text = input.Rest();
  fuzz::ReadAll(text, elements, big_endian);
  fuzz::ReadAll(fuzz::WithChecksum(text, elements, big_endian), elements, big_endian);
  return 0;
}
