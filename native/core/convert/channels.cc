#include "convert/channels.h"

#include <limits>

namespace permafrost {
namespace {

// Numbers that are done in one go; shorter runs of channels are strung together where that is possible.
constexpr std::uint64_t kLongRun = 1024;

}  // namespace

bool Channels::Divide(std::uint64_t elements) const {
  if (count == 0 || run == 0 || count > std::numeric_limits<std::uint64_t>::max() / run) return false;
  if (block != 0 && elements % block != 0) return false;
  return (block == 0 ? elements : block) % (count * run) == 0;
}

Channels Strung(Channels channels) {
  const std::uint64_t longest = channels.block == 0 ? kLongRun : std::min(kLongRun, channels.block);
  if (channels.run > 1 || channels.count >= longest) return channels;
  return {channels.count * (longest / channels.count), 1, channels.block};
}

}  // namespace permafrost
