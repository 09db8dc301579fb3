// The implementations, for the dispatcher alone.
#pragma once

#include "crc32c/crc32c.h"

namespace permafrost::crc32c {

// Null where the processor, or the platform that this was compiled for, cannot run it.
using Extender = decltype(Implementation::extend);
Extender PortableExtend();
Extender Sse42Extend();
Extender ArmExtend();

}  // namespace permafrost::crc32c
