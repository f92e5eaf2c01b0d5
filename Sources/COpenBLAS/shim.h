#pragma once
#include <cblas.h>

typedef blasint cs_lapack_int;
_Static_assert(sizeof(cs_lapack_int) == 4, "an ILP64 OpenBLAS was found; LP64 is expected");

/* LAPACK's Fortran interface (Debian's library has no LAPACKE); gfortran passes string lengths last, as size_t. */
extern void spotrf_(const char *uplo, const cs_lapack_int *n, float *a, const cs_lapack_int *lda,
                    cs_lapack_int *info, __SIZE_TYPE__ uplo_length);
extern void dpotrf_(const char *uplo, const cs_lapack_int *n, double *a, const cs_lapack_int *lda,
                    cs_lapack_int *info, __SIZE_TYPE__ uplo_length);
extern void dgesdd_(const char *jobz, const cs_lapack_int *m, const cs_lapack_int *n, double *a,
                    const cs_lapack_int *lda, double *s, double *u, const cs_lapack_int *ldu, double *vt,
                    const cs_lapack_int *ldvt, double *work, const cs_lapack_int *lwork, cs_lapack_int *iwork,
                    cs_lapack_int *info, __SIZE_TYPE__ jobz_length);
