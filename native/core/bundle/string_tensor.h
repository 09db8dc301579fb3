// A string tensor as a bundle stores it: the lengths as varints, a checksum of the lengths, the bytes of all elements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "byte_reader.h"
#include "status.h"

namespace permafrost {

// Checked once, then walked. Borrows the stored bytes and allocates nothing, however many elements there are.
class StringTensor {
 public:
  // Verifies that there are `elements` lengths, that their checksum is right, and that they add up to the bytes that
  // follow. `about` ends the messages, e.g. "tensor 'names', bytes 0..64 of /models/ckpt.data-00000-of-00001".
  static Result<StringTensor> Parse(std::span<const std::byte> stored, std::uint64_t elements, bool big_endian,
                                    const std::string& about);

  // The part of the tensor's checksum that covers everything before the elements' bytes. It is not simply the checksum
  // of those bytes: each length counts as a fixed integer in the writer's byte order.
  std::uint32_t lengths_crc() const { return lengths_crc_; }

  // Calls `visit(std::span<const std::byte>)` for each element in order, until one returns a failure.
  template <typename Visit>
  Status ForEach(Visit visit) const {
    ByteReader lengths(lengths_);
    ByteReader data(data_);
    for (std::uint64_t i = 0; i < elements_; ++i) {
      std::uint64_t length = 0;
      std::span<const std::byte> element;
      // Parse has been through all of this.
      if (!lengths.ReadVarint64(length) || !data.ReadBytes(length, element)) break;
      if (Status status = visit(element); !status.ok()) return status;
    }
    return {};
  }

 private:
  StringTensor() = default;

  std::uint64_t elements_ = 0;
  std::uint32_t lengths_crc_ = 0;
  std::span<const std::byte> lengths_;
  std::span<const std::byte> data_;
};

}  // namespace permafrost
