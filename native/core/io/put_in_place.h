// The last step of an output: from its temporary name to its target.
#pragma once

#include <string>

#include "io/temporary_name.h"
#include "status.h"

namespace permafrost {

// `durable` waits until the disk has the new name; what is under it is the caller's to sync, before. After a failure
// the target is as it was, but for one that the message tells: the output is in place and only its folder could not be
// synced.
Status PutInPlace(TemporaryName& temporary, const std::string& target, bool durable);

}  // namespace permafrost
