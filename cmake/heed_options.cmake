# Two INTERFACE targets that every target of ours links PRIVATE: how strict, and for which machine.

add_library(heed_warnings INTERFACE)
target_compile_options(heed_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wdouble-promotion
    # GCC 12 sees overlaps in std::string's operator+ that are not there (GCC bug 105651).
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    # And values without a beginning in its own AVX-512 headers (GCC bug 105593).
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${HEED_NATIVE}>>:-Wno-maybe-uninitialized>
    $<$<BOOL:${HEED_WERROR}>:-Werror>)

add_library(heed_machine INTERFACE)
target_compile_features(heed_machine INTERFACE cxx_std_20)
target_compile_options(heed_machine INTERFACE
    $<$<BOOL:${HEED_NATIVE}>:-march=native>)
if(HEED_SANITIZE)
    target_compile_options(heed_machine INTERFACE
        -fsanitize=${HEED_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(heed_machine INTERFACE -fsanitize=${HEED_SANITIZE})
endif()
if(HEED_BUILD_FUZZERS)
    target_compile_options(heed_machine INTERFACE
        -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
    target_link_options(heed_machine INTERFACE -fsanitize=address,undefined)
endif()
target_compile_definitions(heed_machine INTERFACE $<$<BOOL:${HEED_NO_SIMD}>:HEED_NO_SIMD>)

# A library of ours: strict, includes from the repository root. Sources come from its own list file.
function(heed_add_library name)
    add_library(${name} STATIC ${ARGN})
    target_link_libraries(${name} PUBLIC heed_machine PRIVATE heed_warnings)
    target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}")
endfunction()

# What the sanitizers are told in every test; without them nobody reads it.
set(HEED_TEST_ENVIRONMENT
    "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/lsan.supp:print_suppressions=0"
    "UBSAN_OPTIONS=print_stacktrace=1")

# A doctest executable and its ctest entry, labelled.
function(heed_add_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL;TIMEOUT" "SOURCES;LIBRARIES")
    add_executable(${name} ${arg_SOURCES} "${PROJECT_SOURCE_DIR}/tests/support/main.cpp")
    target_link_libraries(${name} PRIVATE heed_machine heed_warnings doctest::doctest ${arg_LIBRARIES})
    target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
    target_compile_definitions(${name} PRIVATE
        HEED_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT 600
        ENVIRONMENT "${HEED_TEST_ENVIRONMENT}")
endfunction()
