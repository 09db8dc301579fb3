// The pieces that messages are made of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace permafrost {

// Eight hexadecimal digits.
std::string Hex32(std::uint32_t value);

// The name of a tensor as messages show it: in single quotes, control characters (C1 too) and bytes that are no UTF-8
// as
// \xNN, cut short when it is absurdly long. Keys come from files, so a message must not carry terminal escapes out of
// one.
std::string Quoted(std::string_view bytes);

// "bytes 100..200", the end not included.
std::string ByteRange(std::uint64_t begin, std::uint64_t size);

// Whether the bytes are UTF-8 as RFC 3629 has it: no surrogates, nothing above U+10FFFF, nothing longer than it must
// be.
bool IsUtf8(std::string_view bytes);

// What the system says about an errno value, e.g. "Permission denied".
std::string ErrnoText(int error);

}  // namespace permafrost
