# Compiles for another Linux than this one, with Clang, a C library and libc++ as Zig brings them along. libc++ becomes
# part of the binary, so of the machine it asks for no more than that C library. `scripts/prebuilt/zig.mjs` names
# PERMAFROST_ZIG, the program, and PERMAFROST_ZIG_TARGET, as in aarch64-linux-gnu.2.28.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES PERMAFROST_ZIG PERMAFROST_ZIG_TARGET)

set(CMAKE_SYSTEM_NAME Linux)
string(REGEX MATCH "^[^-]+" CMAKE_SYSTEM_PROCESSOR "${PERMAFROST_ZIG_TARGET}")
set(CMAKE_C_COMPILER ${PERMAFROST_ZIG} cc -target ${PERMAFROST_ZIG_TARGET})
set(CMAKE_CXX_COMPILER ${PERMAFROST_ZIG} c++ -target ${PERMAFROST_ZIG_TARGET})

# What is installed here is for this machine.
set(CMAKE_FIND_ROOT_PATH ${CMAKE_CURRENT_LIST_DIR})
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)

# CMake takes an archiver for a program without arguments.
foreach(language C CXX)
  set(CMAKE_${language}_ARCHIVE_CREATE "\"${PERMAFROST_ZIG}\" ar qc <TARGET> <OBJECTS>")
  set(CMAKE_${language}_ARCHIVE_APPEND "\"${PERMAFROST_ZIG}\" ar q <TARGET> <OBJECTS>")
  set(CMAKE_${language}_ARCHIVE_FINISH "\"${PERMAFROST_ZIG}\" ranlib <TARGET>")
endforeach()

# Stripped by the linker: the strip of this machine knows no other processor.
set(CMAKE_SHARED_LINKER_FLAGS_RELEASE_INIT -s)
