// A string tensor as a bundle stores it: the lengths as varints, a checksum of the lengths, the bytes of all elements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "io/byte_cursor.h"
#include "pieces/string_source.h"
#include "status.h"

namespace permafrost {

// Reads lengths and bytes side by side and holds a block of each, however many elements there are and however long.
class StringTensor final : public StringSource {
 public:
  // Reads all lengths and verifies that there are `elements`, that their checksum is right, and that they add up to the
  // rest of the `size` bytes. `about` ends the messages, e.g. "tensor 'names', bytes 0..64 of
  // /models/ckpt.data-00000-of-00001".
  static Result<std::unique_ptr<StringTensor>> Open(const Fetch& fetch, std::uint64_t size, std::uint64_t elements,
                                                    bool big_endian, const std::string& about);

  // The part of the tensor's checksum that covers everything before the elements' bytes. It is not simply the checksum
  // of those bytes: each length counts as a fixed integer in the writer's byte order.
  std::uint32_t lengths_crc() const { return lengths_crc_; }

  Result<bool> Next(std::uint64_t& size) override;
  Result<std::span<const std::byte>> Take(std::uint64_t most) override;

  StringTensor(const Fetch& fetch, std::uint64_t size, std::uint64_t elements, std::uint64_t data,
               std::uint32_t lengths_crc);

 private:
  ByteCursor lengths_;
  ByteCursor data_;
  std::uint64_t elements_;  // still to come
  std::uint64_t left_ = 0;  // of this element
  std::uint32_t lengths_crc_;
};

}  // namespace permafrost
