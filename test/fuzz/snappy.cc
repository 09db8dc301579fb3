// A raw Snappy stream.
#include "snappy.h"

#include "input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace permafrost;
  const std::string text = fuzz::Input(data, size).Rest();
  const auto out = snappy::Decompress(std::as_bytes(std::span(text)));
  // An element of two bytes is a copy of 64 at most; three of them, too.
  if (out) fuzz::Require(out->size() <= 64 * text.size());
  return 0;
}
