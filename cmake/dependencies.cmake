# What the program links; docs/dependencies.md says what each is for.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(liburing REQUIRED IMPORTED_TARGET liburing>=2.3)
pkg_check_modules(libnl_route REQUIRED IMPORTED_TARGET libnl-route-3.0)
pkg_check_modules(libdw REQUIRED IMPORTED_TARGET libdw)
