#pragma once

namespace permafrost::devices {

// Calls into a plugin, and says whether it came back the way that it should. Plugins must not throw; one in C++ that
// does all the same would take the process with it.
template <typename Call>
bool Returned(Call call) {
  try {
    call();
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace permafrost::devices
