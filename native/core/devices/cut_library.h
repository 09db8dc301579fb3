// Whether a shared library is only the beginning of one.
#pragma once

#include <string>

namespace permafrost::devices {

// The loader maps what the header of an ELF file announces, and ends the process (SIGBUS) where the file is shorter.
// False for all other files: the loader says itself what is wrong with them.
bool IsCutLibrary(const std::string& path);

}  // namespace permafrost::devices
