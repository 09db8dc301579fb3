// A string tensor as a bundle stores it: the lengths as varints, a checksum of the lengths, the bytes of all elements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "byte_reader.h"
#include "status.h"

namespace permafrost {

// Checked once, then walked once. Borrows the stored bytes and allocates nothing, however many elements there are.
class StringTensor {
 public:
  // Verifies that there are `elements` lengths, that their checksum is right, and that they add up to the bytes that
  // follow. `about` ends the messages, e.g. "tensor 'names', bytes 0..64 of /models/ckpt.data-00000-of-00001".
  static Result<StringTensor> Parse(std::span<const std::byte> stored, std::uint64_t elements, bool big_endian,
                                    const std::string& about);

  // The part of the tensor's checksum that covers everything before the elements' bytes. It is not simply the checksum
  // of those bytes: each length counts as a fixed integer in the writer's byte order.
  std::uint32_t lengths_crc() const { return lengths_crc_; }

  // The next element, from the first on; false after the last.
  bool Next(std::span<const std::byte>& element) {
    std::uint64_t length = 0;
    // Parse has been through all of this.
    if (elements_ == 0) return false;
    --elements_;
    return lengths_.ReadVarint64(length) && data_.ReadBytes(length, element);
  }

 private:
  StringTensor() = default;

  std::uint64_t elements_ = 0;  // still to come
  std::uint32_t lengths_crc_ = 0;
  ByteReader lengths_{{}};
  ByteReader data_{{}};
};

}  // namespace permafrost
