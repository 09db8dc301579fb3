// The files that go to the output whole, as they are.
#pragma once

#include <cstdint>

#include "plan/output.h"
#include "plan/segment.h"
#include "status.h"
#include "stop.h"

namespace permafrost {

// Whether the file is there and as long as the plan says.
Status CheckFile(const FileSegment& file, const Stop& stop);

// Copies the bytes from `begin` to `end`. Nothing says whether they are the right ones.
Status CopyFile(const FileSegment& file, std::uint64_t begin, std::uint64_t end, const Stop& stop, Output& output);

}  // namespace permafrost
