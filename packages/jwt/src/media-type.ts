/** The type of a token (`typ`, RFC 7515 §4.1.9). */

/** A `typ` as it is compared: lower case, with the `application/` that RFC 7515 §4.1.9 lets one leave out. */
export function mediaType(typ: string): string {
  // Of ASCII only: toLowerCase makes a k of the Kelvin sign.
  const lower = /[\u0080-\uffff]/.test(typ) ? typ : typ.toLowerCase();
  return lower.includes('/') ? lower : `application/${lower}`;
}
